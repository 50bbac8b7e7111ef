package io.vedette.provider;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.vedette.RunningVedette;
import io.vedette.standin.Reply;
import org.junit.jupiter.api.Test;

import org.springframework.test.context.TestPropertySource;

import static org.awaitility.Awaitility.await;

/** A provider that takes calls and does not answer them. */
@TestPropertySource(
		properties = { "camel.component.http.response-timeout=8000", "camel.component.http.so-timeout=8000" })
class HangingProviderTest extends RunningVedette {

	/** More than are asked for at a time. */
	private static final int JOBS = 60;

	private static final int AT_A_TIME = 16;

	@Test
	void holdsUpNoOther() {
		List<String> hanging = Stream.generate(() -> newId("hanging")).limit(JOBS).toList();
		hanging.forEach((id) -> standIn.akool(id).replies(Reply.hang(Duration.ofSeconds(8))));
		hanging.forEach((id) -> register("akool", id));
		patiently().until(() -> polled(hanging) >= AT_A_TIME);
		String id = newId("answered");
		standIn.crun(id).finishesAfter(Duration.ofMillis(300));
		register("crun", id);
		await().atMost(Duration.ofSeconds(4)).until(() -> job("crun", id).path("status").asText().equals("SUCCEEDED"));
		hanging.forEach((other) -> delete("/jobs/akool/" + other));
	}

	private static long polled(List<String> ids) {
		return ids.stream().filter((id) -> !standIn.polls("akool", id).isEmpty()).count();
	}

}
