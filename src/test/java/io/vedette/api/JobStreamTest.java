package io.vedette.api;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.vedette.RunningVedette;
import io.vedette.standin.Reply;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("store")
class JobStreamTest extends RunningVedette {

	private static final Pattern ID = Pattern.compile("(?m)^id: (.*)$");

	@Autowired
	private JobStream stream;

	@Autowired
	private JdbcClient jdbc;

	@Test
	void tellsOfAJobThatIsRegisteredAndThatEnds() throws IOException {
		try (RawCall listener = RawCall.open(port(), "GET /jobs/stream HTTP/1.1\nHost: localhost\n\n")) {
			String id = newId("stream");
			standIn.crun(id).withFaces(1).finishesAfter(Duration.ofSeconds(1));
			watch("crun", id);
			String told = until(listener, "(?s).*\"" + id + "\",\"status\":\"SUCCEEDED\".*");
			assertThat(told).startsWith("HTTP/1.1 200")
				.contains("Content-Type: text/event-stream", "\"" + id + "\",\"status\":\"WATCHING\"");
			assertThat(told.lines().filter((line) -> line.contains(id) && line.contains("SUCCEEDED"))).hasSize(1);
		}
	}

	@Test
	void tellsOfEachChangeOfAJobThatIsSubmitted() throws IOException {
		String id = newId("submitted");
		String mediaUrl = "https://media.example.com/" + id + ".png";
		standIn.submitting(mediaUrl, Reply.hang(Duration.ofSeconds(3)), Reply.reset(), Reply.reset(), null);
		Instant before = Instant.now().minusMillis(1);
		try (RawCall listener = RawCall.open(port(), "GET /jobs/stream HTTP/1.1\nHost: localhost\n\n")) {
			until(listener, "(?s)HTTP/1.1 200.*");
			register(parse("{'provider':'crun','mediaUrl':'%s','requestId':'%s'}".formatted(mediaUrl, id)));
			awaitTold(listener, id, "UNCONFIRMED", 1);
			for (int times = 2; times <= 3; times++) {
				assertThat(post("/requests/" + id + "/submit-again", "").statusCode()).isEqualTo(200);
				awaitTold(listener, id, "UNCONFIRMED", times);
			}
			assertThat(post("/requests/" + id + "/attach", "{\"jobId\":\"" + id + "\"}").statusCode()).isEqualTo(200);
			awaitTold(listener, id, "WATCHING", 1);
			assertThat(told(listener, id)).startsWith("SUBMITTING", "UNCONFIRMED").endsWith("UNCONFIRMED", "WATCHING");
			delete("/jobs/crun/" + id);
		}
		String left = newId("abandoned");
		standIn.submitting(mediaUrl + "?2", Reply.reset());
		register(parse("{'provider':'crun','mediaUrl':'%s','requestId':'%s'}".formatted(mediaUrl + "?2", left)));
		patiently().until(() -> get("/requests/" + left).body().contains("UNCONFIRMED"));
		try (RawCall listener = RawCall.open(port(),
				"GET /jobs/stream HTTP/1.1\nHost: localhost\nLast-Event-ID: " + before + "\n\n")) {
			awaitTold(listener, left, "UNCONFIRMED", 1);
			assertThat(post("/requests/" + left + "/abandon", "").statusCode()).isEqualTo(200);
			awaitTold(listener, left, "ABANDONED", 1);
			delete("/requests/" + left);
		}
	}

	/** The statuses of a request that a caller was told, in their order. */
	private static List<String> told(RawCall call, String requestId) {
		return call.reply()
			.lines()
			.filter((line) -> line.startsWith("data: ") && line.contains("\"requestId\":\"" + requestId + "\""))
			.map((line) -> parse(line.substring(6)).path("status").asText())
			.toList();
	}

	private static void awaitTold(RawCall call, String requestId, String status, int times) {
		patiently().until(() -> {
			call.sends("");
			return told(call, requestId).stream().filter(status::equals).count() >= times;
		});
	}

	@Test
	void tellsWhoComesBackWhatHeHasMissed() throws IOException {
		String seen;
		try (RawCall listener = RawCall.open(port(), "GET /jobs/stream HTTP/1.1\nHost: localhost\n\n")) {
			String id = newId("seen");
			register("crun", id);
			seen = last(until(listener, "(?s).*\"" + id + "\".*"));
		}
		List<String> missed = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			missed.add(newId("missed"));
			register("crun", missed.get(i));
		}
		try (RawCall listener = RawCall.open(port(),
				"GET /jobs/stream HTTP/1.1\nHost: localhost\nLast-Event-ID: " + seen + "\n\n")) {
			assertThat(until(listener, "(?s).*\"" + missed.get(2) + "\".*")).contains(missed);
		}
	}

	@Test
	void tellsOfAJobThatIsForgottenAlsoWhoWasAway() throws IOException {
		String id = newId("forgotten");
		register("crun", id);
		Instant before = Instant.now();
		String forgotten = "(?s).*event: forgotten\\s+data: \\{\"provider\":\"crun\",\"jobId\":\"" + id + "\"}.*";
		try (RawCall listener = RawCall.open(port(), "GET /jobs/stream HTTP/1.1\nHost: localhost\n\n")) {
			until(listener, "(?s)HTTP/1.1 200.*");
			assertThat(delete("/jobs/crun/" + id).statusCode()).isEqualTo(204);
			until(listener, forgotten);
		}
		try (RawCall listener = RawCall.open(port(),
				"GET /jobs/stream HTTP/1.1\nHost: localhost\nLast-Event-ID: " + before + "\n\n")) {
			until(listener, forgotten);
			assertThat(until(listener, "(?s).*event: retention\\s+data: \\{\"finishedBefore\":\".*"))
				.doesNotContain("\"" + id + "\",\"status\"");
		}
	}

	@Test
	void tellsOfARequestThatIsForgottenBeforeItWasSubmitted() throws IOException {
		Instant before = Instant.now();
		this.jdbc.sql("""
				insert into audit (ordered_at, who, act, what, amount)
				values (:now, 'stream', 'FORGET', 'crun, request a/b', 1)
				""").param("now", Instant.now().plusMillis(1).atOffset(ZoneOffset.UTC)).update();
		try (RawCall listener = RawCall.open(port(),
				"GET /jobs/stream HTTP/1.1\nHost: localhost\nLast-Event-ID: " + before + "\n\n")) {
			until(listener, "(?s).*event: forgotten\\s+data: \\{\"provider\":\"crun\",\"requestId\":\"a/b\"}.*");
		}
		finally {
			this.jdbc.sql("delete from audit where who = 'stream'").update();
		}
	}

	/** One event for all of them. */
	@Test
	void tellsUpToWhenTheRetentionHasForgottenAll() throws IOException {
		try (RawCall listener = RawCall.open(port(), "GET /jobs/stream HTTP/1.1\nHost: localhost\n\n")) {
			patiently().pollInterval(Duration.ofMillis(1200)).untilAsserted(() -> {
				this.jdbc.sql("delete from job where job_id like 'silent-%'").update();
				listener.sends("");
				boolean told = listener.reply().contains("event: retention");
				// Before whatever other tests have left behind.
				insert(0, told ? 0 : 20, "", Instant.now().minus(Duration.ofDays(10_000)));
				assertThat(listener.reply()).contains("event: retention");
			});
			assertThat(listener.reply()).doesNotContainPattern("event: forgotten\\s+data: .*silent-");
		}
	}

	@Test
	void refusesAnIdThatIsNone() throws IOException {
		assertThat(RawCall.reply(port(),
				"GET /jobs/stream HTTP/1.1\nHost: localhost\nLast-Event-ID: yesterday\nConnection: close\n\n"))
			.startsWith("HTTP/1.1 400")
			.contains("Last-Event-ID: no moment");
	}

	/** Their connections take nothing more: they are hung up, and nothing piles up. */
	@Test
	void hangsUpOnAHundredWhoDoNotRead() throws IOException {
		List<RawCall> deaf = new ArrayList<>();
		try {
			for (int i = 0; i < 100; i++) {
				deaf.add(RawCall.openDeaf(port(), "GET /jobs/stream HTTP/1.1\nHost: localhost\n\n"));
			}
			patiently().until(() -> this.stream.size() >= 100);
			AtomicInteger round = new AtomicInteger();
			patiently().pollInterval(Duration.ofMillis(600)).until(() -> {
				insert(round.incrementAndGet(), 10, "x".repeat(40_000), Instant.now());
				return this.stream.size() == 0;
			});
		}
		finally {
			for (RawCall call : deaf) {
				call.close();
			}
			this.jdbc.sql("delete from job where job_id like 'silent-%'").update();
		}
	}

	private void insert(int round, int count, String text, Instant finished) {
		this.jdbc
			.sql("""
					insert into job (provider, job_id, media_url, status, registered_at, finished_at, polls)
					select 'akool', 'silent-' || :round || '-' || x, :text, 'FAILED', :now, :now, 1 from %s
					""".formatted("postgres".equals(System.getProperty("test.database"))
					? "generate_series(1, :count) t(x)" : "system_range(1, :count) t(x)"))
			.param("round", Integer.toString(round))
			.param("text", text)
			.param("now", finished.atOffset(ZoneOffset.UTC))
			.param("count", count)
			.update();
	}

	/** What a caller has been told, once it says this. */
	private static String until(RawCall call, String regex) {
		return patiently().until(() -> {
			call.sends("");
			return call.reply();
		}, (told) -> told.matches(regex));
	}

	private int port() {
		return request("/").build().uri().getPort();
	}

	private static String last(String told) {
		Matcher ids = ID.matcher(told);
		String last = null;
		while (ids.find()) {
			last = ids.group(1).strip();
		}
		return last;
	}

}
