package io.vedette.job;

import java.time.Instant;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.standin.Reply;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** A job that has expired is handed in once more. */
@Tag("store")
@TestPropertySource(properties = "vedette.providers.crun.max-wait=2s")
class WatchAgainTest extends RunningVedette {

	private final String id = newId("again");

	@Test
	void watchesAnExpiredJobAgain() {
		Instant first = Instant.parse(expire().path("registeredAt").asText());
		standIn.crun(this.id).replies(succeeded("{'id': 0}, {'id': 1}"));
		assertThat(post("/jobs", "{\"provider\":\"crun\",\"jobId\":\"" + this.id + "\",\"reference\":\"second\"}")
			.statusCode()).isEqualTo(202);
		JsonNode job = awaitEnd("crun", this.id);
		assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(job.path("reason").isNull()).isTrue();
		assertThat(job.path("reference").asText()).isEqualTo("second");
		assertThat(Instant.parse(job.path("registeredAt").asText())).isAfter(first);
		assertThat(job.path("faces")).hasSize(2);
		assertThat(job.path("deliveries")).hasSize(4);
		assertThat(events("crun", this.id)).extracting((event) -> event.path("id").asText())
			.containsExactlyInAnyOrder("crun:" + this.id + ":job", "crun:" + this.id + ":face:0",
					"crun:" + this.id + ":face:1", "crun:" + this.id + ":job:2");
		assertThat(post("/jobs", "{\"provider\":\"crun\",\"jobId\":\"" + this.id + "\"}").statusCode()).isEqualTo(200);
	}

	@Test
	void tellsEachTimeThatAJobHasExpired() {
		expire();
		expire();
		expire();
		assertThat(events("crun", this.id)).hasSize(3)
			.allSatisfy((event) -> assertThat(event.path("type").asText()).isEqualTo("vedette.job.expired"));
		assertThat(events("crun", this.id)).extracting((event) -> event.path("id").asText())
			.containsExactlyInAnyOrder("crun:" + this.id + ":job", "crun:" + this.id + ":job:2",
					"crun:" + this.id + ":job:3");
	}

	@Test
	void watchesAJobOnceThatIsHandedInTwiceInOneCall() {
		expire();
		standIn.crun(this.id).replies(succeeded(""));
		int before = standIn.polls("crun", this.id).size();
		String request = "{\"provider\":\"crun\",\"jobId\":\"" + this.id + "\"}";
		assertThat(post("/jobs", "[" + request + "," + request + "]").statusCode()).isEqualTo(202);
		assertThat(awaitEnd("crun", this.id).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(standIn.polls("crun", this.id)).hasSize(before + 1);
	}

	private JsonNode expire() {
		standIn.crun(this.id).replies(Reply.json(parse("{'code': 200, 'data': {'status': 'processing'}}")));
		JsonNode job = watch("crun", this.id);
		assertThat(job.path("status").asText()).isEqualTo("EXPIRED");
		return job;
	}

	private static Reply succeeded(String faces) {
		return Reply
			.json(parse("{'code': 200, 'data': {'status': 'succeeded', 'result': {'faces': [" + faces + "]}}}"));
	}

}
