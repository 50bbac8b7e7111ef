package io.vedette.api;

import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vedette.RunningVedette;
import io.vedette.job.JobSearch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** To find jobs by their target there have to be two. */
@Tag("store")
@TestPropertySource(properties = { "vedette.targets.second.uri=file:${vedette.data}/second",
		"vedette.providers.crun.accounts.team-b.api-key=none", "vedette.providers.akool.accounts.team-b.api-key=none" })
class JobSearchTest extends RunningVedette {

	@Autowired
	private JdbcClient jdbc;

	@Test
	void findsJobsByTheirReference() {
		String one = begun("reference-%s", "order 42/%");
		String other = begun("reference-%s", "order 42/x");
		assertThat(ids("reference=order%2042%2F%25")).containsExactly(one);
		assertThat(ids("reference=order%2042%2Fx&provider=akool")).isEmpty();
		assertThat(ids("reference=order%2042%2Fx&status=watching")).containsExactly(other);
	}

	@Test
	void findsJobsByWhatTheirIdsBeginWith() {
		List<String> some = IntStream.range(0, 3).mapToObj((number) -> begun("q_%%!-%s", null)).toList();
		begun("qx%%!-%s", null);
		assertThat(ids("q=q_%25!-")).containsExactly(some.get(2), some.get(1), some.get(0));
		assertThat(pages("q=q_%25!-&limit=2")).containsExactly(some.get(2), some.get(1), some.get(0));
		assertThat(ids("q=Q_%25!-")).isEmpty();
	}

	@Test
	void findsJobsByWhenTheyWereRegistered() {
		String before = begun("time-%s", null);
		List<String> between = IntStream.range(0, 5).mapToObj((number) -> begun("time-%s", null)).toList();
		String since = job("crun", between.get(0)).path("registeredAt").asText();
		String after = begun("time-%s", null);
		String until = job("crun", after).path("registeredAt").asText();
		List<String> newestFirst = IntStream.range(0, 5).mapToObj((number) -> between.get(4 - number)).toList();
		assertThat(pages("limit=2&since=" + since + "&until=" + until)).containsExactlyElementsOf(newestFirst);
		assertThat(pages("limit=3&since=" + since)).startsWith(after).doesNotContain(before);
		assertThat(pages("limit=1000&until=" + since)).startsWith(before).doesNotContain(after);
	}

	@Test
	void findsJobsOfATarget() {
		String all = begun("target-%s", null);
		String one = newId("target");
		register(parse("{'provider':'crun','jobId':'%s','targets':['second']}".formatted(one)));
		assertThat(ids("target=second&limit=2")).containsExactly(one, all);
		assertThat(ids("target=files&limit=1")).containsExactly(all);
	}

	@Test
	void findsJobsOfAnAccount() throws Exception {
		String other = begun("account-%s", null);
		List<String> own = new ArrayList<>();
		for (String provider : List.of("crun", "akool", "crun")) {
			own.add(newId("account"));
			register(parse(
					"{'provider':'%s','jobId':'%s','account':'team-b'}".formatted(provider, own.get(own.size() - 1))));
		}
		assertThat(pages("account=team-b&limit=2")).containsExactly(own.get(2), own.get(1), own.get(0));
		assertThat(ids("account=team-b&provider=akool")).containsExactly(own.get(1));
		assertThat(ids("account=team-b&status=succeeded")).isEmpty();
		assertThat(ids("account=team-b&q=" + other)).isEmpty();
		assertThat(ids("account=default&limit=1")).containsExactly(other);
		String since = job("crun", own.get(2)).path("registeredAt").asText();
		assertThat(pages("account=team-b&limit=1&since=" + since)).containsExactly(own.get(2));
		assertThat(ids("account=team-x")).isEmpty();
		String page = HttpClient.newHttpClient()
			.send(request("/page/jobs?account=team-b").build(), BodyHandlers.ofString())
			.body();
		assertThat(page).contains("akool/" + own.get(1)).doesNotContain(other);
	}

	@Test
	void readsABoundedNumberOfRowsForAPage() {
		this.jdbc.sql("""
				insert into job (provider, job_id, reference, status, registered_at, finished_at, polls)
				select 'akool', 'bounded-' || x, 'bounded', 'FAILED', current_timestamp, current_timestamp, 1
				from %s
				""".formatted(isPostgres() ? "generate_series(1, :count) t(x)" : "system_range(1, :count) t(x)"))
			.param("count", JobSearch.MOST_READ + 1)
			.update();
		assertThat(get("/jobs?q=bounded-1&limit=1").statusCode()).isEqualTo(200);
		HttpResponse<String> refused = get("/jobs?q=bounded-");
		assertThat(refused.statusCode()).isEqualTo(400);
		assertThat(parse(refused.body()).path("detail").asText()).startsWith("q: more than 10000")
			.contains("write more");
		JsonNode page = parse(get("/jobs?target=second&status=expired").body());
		assertThat(page.path("jobs")).isEmpty();
		assertThat(page.path("next").isTextual()).isTrue();
		page = parse(get("/jobs?reference=bounded&status=expired").body());
		assertThat(page.path("jobs")).isEmpty();
		assertThat(page.path("next").isTextual()).isTrue();
		page = parse(get("/jobs?account=default&status=expired").body());
		assertThat(page.path("jobs")).isEmpty();
		assertThat(page.path("next").isTextual()).isTrue();
		page = parse(get("/jobs?reference=bounded&limit=2").body());
		page = parse(get("/jobs?reference=bounded&limit=2&after=" + page.path("next").asText()).body());
		assertThat(page.path("jobs").findValuesAsText("jobId")).containsExactly("bounded-" + (JobSearch.MOST_READ - 1),
				"bounded-" + (JobSearch.MOST_READ - 2));
		this.jdbc.sql("delete from job where job_id like 'bounded-%'").update();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			reference=                               | 200
			target=secnd                             | target "secnd": unknown
			since=yesterday                          | since: no moment
			until=5                                  | until: no moment
			since=2026-05-27T12:00:00Z&after=5       | after: not of a list with this filter
			reference=x&after=2026-05-27T12:00:00Z_5 | after: not of a list with this filter
			since=2026-05-27T12:00:00Z&after=x_5     | after: no moment
			refrence=x                               | query parameter "refrence": unknown
			""")
	void saysWhatIsWrongWithAFilter(String query, String problem) {
		HttpResponse<String> answer = get("/jobs?" + query);
		if (problem.equals("200")) {
			assertThat(answer.statusCode()).isEqualTo(200);
			return;
		}
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(parse(answer.body()).path("detail").asText()).startsWith(problem);
	}

	@Test
	void answersOnceTheJobHasEnded() {
		String id = newId("wait");
		standIn.crun(id).withFaces(1).finishesAfter(Duration.ofMillis(700));
		register("crun", id);
		JsonNode job = parse(get("/jobs/crun/" + id + "?wait=1m").body());
		assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(job.path("faces")).hasSize(1);
	}

	@Test
	void answersWhatAnotherNodeHasEnded() {
		String id = begun("wait-%s", null);
		CompletableFuture<HttpResponse<String>> answer = CompletableFuture
			.supplyAsync(() -> get("/jobs/crun/" + id + "?wait=60s"));
		this.jdbc.sql("update job set status = 'FAILED', owner = null, finished_at = :now where job_id = :id")
			.param("now", Instant.now().atOffset(ZoneOffset.UTC))
			.param("id", id)
			.update();
		assertThat(parse(answer.join().body()).path("status").asText()).isEqualTo("FAILED");
	}

	@Test
	void answersAJobThatGoesOnWhenTheTimeIsOver() {
		String id = begun("wait-%s", null);
		Instant begin = Instant.now();
		assertThat(parse(get("/jobs/crun/" + id + "?wait=300ms").body()).path("status").asText()).isEqualTo("WATCHING");
		assertThat(Instant.now()).isAfter(begin.plusMillis(299));
	}

	@Test
	void answersForAJobThatIsForgottenMeanwhile() {
		String id = begun("wait-%s", null);
		CompletableFuture<HttpResponse<String>> answer = CompletableFuture
			.supplyAsync(() -> get("/jobs/crun/" + id + "?wait=60s"));
		delete("/jobs/crun/" + id);
		assertThat(answer.join().statusCode()).isEqualTo(404);
	}

	@ParameterizedTest
	@CsvSource({ "soon", "-1s", "61s", "2h", "%20" })
	void refusesAWaitThatIsNoTime(String time) {
		HttpResponse<String> answer = get("/jobs/crun/any?wait=" + time);
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(parse(answer.body()).path("detail").asText()).startsWith("wait: no time from 0s to 60s");
	}

	private boolean isPostgres() {
		return "postgres".equals(System.getProperty("test.database"));
	}

	/** Registers a job that goes on. */
	private String begun(String id, String reference) {
		String jobId = id.formatted(newId(""));
		standIn.crun(jobId).finishesAfter(Duration.ofHours(1));
		register(JsonNodeFactory.instance.objectNode()
			.put("provider", "crun")
			.put("jobId", jobId)
			.put("reference", reference));
		return jobId;
	}

	private List<String> ids(String query) {
		return parse(get("/jobs?" + query).body()).path("jobs").findValuesAsText("jobId");
	}

	private List<String> pages(String query) {
		List<String> all = new ArrayList<>();
		String next = "";
		while (next != null) {
			JsonNode page = parse(get("/jobs?" + query + next).body());
			all.addAll(page.path("jobs").findValuesAsText("jobId"));
			next = page.path("next").isNull() ? null : "&after=" + page.path("next").asText();
		}
		return all;
	}

}
