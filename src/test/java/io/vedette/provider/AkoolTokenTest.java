package io.vedette.provider;

import io.vedette.RunningVedette;
import org.junit.jupiter.api.Test;

import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** Akool would use the token and ignore a key beside it. */
@TestPropertySource(properties = "vedette.providers.akool.token=demo-akool-key")
class AkoolTokenTest extends RunningVedette {

	@Test
	void sendsTheTokenInsteadOfTheKey() {
		String id = newId("token");
		standIn.akool(id).withFaces(1);
		assertThat(watch("akool", id).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(standIn.polls("akool", id)).isNotEmpty().allSatisfy((poll) -> {
			assertThat(poll.header("authorization")).isEqualTo("Bearer " + standIn.key("akool"));
			assertThat(poll.header("x-api-key")).isNull();
		});
	}

}
