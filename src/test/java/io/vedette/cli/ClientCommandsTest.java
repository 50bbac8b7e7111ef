package io.vedette.cli;

import java.time.Instant;
import java.util.stream.Stream;

import io.vedette.RunningVedette;
import io.vedette.standin.FreePort;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ClientCommandsTest extends RunningVedette {

	@Test
	void listsJobs() {
		String id = newId("listed");
		standIn.akool(id).withFaces(1);
		watch("akool", id);
		Called called = call("jobs", "--id", id);
		assertThat(called.exitCode()).as(called.err()).isZero();
		assertThat(called.out().lines()).hasSize(2);
		assertThat(called.out()).startsWith("PROVIDER  ID").containsPattern("akool +" + id + " +SUCCEEDED");
		assertThat(call("jobs", "--id", id, "--account", "team-x").out().lines()).hasSize(1);
		assertThat(call("jobs", "--id", id, "--account", "default").out()).contains(id);
		assertThat(parse(call("jobs", "--id", id, "--json").out()).at("/jobs/0/jobId").asText()).isEqualTo(id);
	}

	@Test
	void namesTheNextPage() {
		for (String id : new String[] { newId("page"), newId("page") }) {
			standIn.akool(id).failing();
			watch("akool", id);
		}
		Called first = call("jobs", "--limit=1", "--status=failed");
		String next = first.out().replaceFirst("(?s).*There are more: --after (\\S+)\\s*", "$1");
		Called second = call("jobs", "--limit=1", "--status=failed", "--after", next);
		assertThat(second.exitCode()).isZero();
		assertThat(second.out().lines().toList().get(1)).isNotEqualTo(first.out().lines().toList().get(1));
	}

	@Test
	void listsProviders() {
		Called called = call("providers");
		assertThat(called.exitCode()).isZero();
		assertThat(called.out()).containsPattern("akool +learned +10000/1s");
	}

	@Test
	void countsAndSendsDeliveriesAgain() {
		String since = "--since=" + Instant.now();
		String id = newId("replayed");
		standIn.crun(id).withFaces(1);
		watch("crun", id);
		String[] which = { "replay", "--status=delivered", "--provider=crun", since };
		assertThat(call(Stream.concat(Stream.of(which), Stream.of("--dry-run")).toArray(String[]::new)).out())
			.isEqualToIgnoringNewLines("2 deliveries match");
		assertThat(call(which).out()).startsWith("2 deliveries match").contains("GET /replays/");
		assertThat(call("replay", "--until=2000-01-01T00:00:00Z").out())
			.isEqualToIgnoringNewLines("0 deliveries are sent again");
	}

	@Test
	void saysWhatTheApiRefuses() {
		Called called = call("jobs", "--status=ended");
		assertThat(called.exitCode()).isEqualTo(64);
		assertThat(called.out()).isEmpty();
		assertThat(called.err()).startsWith("vedette: status").contains("WATCHING");
	}

	@Test
	void saysThatNobodyAnswers() {
		Called called = Called.with("jobs", "--url=http://127.0.0.1:" + FreePort.find());
		assertThat(called.exitCode()).isEqualTo(1);
		assertThat(called.err()).contains("no answer from http://127.0.0.1:").contains("--url");
	}

	private Called call(String... args) {
		String url = "--url=http://127.0.0.1:" + request("/").build().uri().getPort() + "/";
		return Called.with(Stream.concat(Stream.of(args), Stream.of(url)).toArray(String[]::new));
	}

}
