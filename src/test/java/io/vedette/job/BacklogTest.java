package io.vedette.job;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.provider.AccountName;
import io.vedette.provider.Caller;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * More jobs than a node may watch: of the five places, three are for one account if the
 * others need none.
 */
@Tag("store")
@ExtendWith(OutputCaptureExtension.class)
@TestPropertySource(properties = { "vedette.watching.max=5",
		"vedette.providers.akool.accounts.team-b.api-key=demo-akool-key", "vedette.providers.crun.max-wait=2s" })
class BacklogTest extends RunningVedette {

	private static final AccountName AKOOL = new AccountName("akool", "default");

	private static final int PLACES = 3;

	private static final Duration NEVER = Duration.ofHours(1);

	@Autowired
	private Backlog backlog;

	@Autowired
	private JobStore jobs;

	@Autowired
	private CamelContext camel;

	private List<String> ids = List.of();

	@AfterEach
	void forget() throws Exception {
		this.ids.forEach((id) -> delete("/jobs/akool/" + id));
		Claiming.start(this.camel);
	}

	@Test
	void finishesAllOfThem() {
		registerAll(20, Duration.ofMillis(300));
		this.ids.forEach((id) -> assertThat(awaitEnd("akool", id).path("status").asText()).isEqualTo("SUCCEEDED"));
		assertThat(provider("akool").get("backlog").isNull()).isTrue();
	}

	@Test
	void asksForTheOldestUntilAPlaceIsFree() {
		registerAll(10, NEVER);
		this.ids.subList(0, PLACES).forEach((id) -> awaitPolls("akool", id, 2));
		String next = newId("next");
		standIn.akool(next).finishesAfter(NEVER);
		register("akool", next);
		assertThat(asked()).containsExactlyInAnyOrderElementsOf(this.ids.subList(0, PLACES));
		assertThat(job("akool", this.ids.get(9)).path("status").asText()).isEqualTo("WATCHING");

		delete("/jobs/akool/" + this.ids.get(1));
		awaitPolls("akool", this.ids.get(PLACES), 1);
		assertThat(asked()).containsExactlyInAnyOrderElementsOf(this.ids.subList(0, PLACES + 1));
		assertThat(standIn.polls("akool", next)).isEmpty();
		delete("/jobs/akool/" + next);
	}

	@Test
	void keepsAPlaceForTheJobsOfAnotherProvider() {
		registerAll(10, NEVER);
		awaitPolls("akool", this.ids.get(0), 1);
		String other = newId("other");
		standIn.crun(other).withFaces(1);
		assertThat(watch("crun", other).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(events("crun", other)).hasSize(2);
		assertThat(asked()).isSubsetOf(this.ids.subList(0, PLACES));
	}

	@Test
	void keepsAPlaceForTheJobsOfAnotherAccount() {
		assertThat(post("/providers/akool/accounts/default/pause", "").statusCode()).isEqualTo(200);
		try {
			registerAll(10, NEVER);
			patiently().until(() -> provider("akool").path("watching").asInt() == PLACES);
			String other = newId("other");
			standIn.akool(other).withFaces(1);
			register(parse("{'provider':'akool','account':'team-b','jobId':'%s'}".formatted(other)));
			assertThat(awaitEnd("akool", other).path("status").asText()).isEqualTo("SUCCEEDED");
			assertThat(asked()).isEmpty();
		}
		finally {
			assertThat(post("/providers/akool/accounts/default/resume", "").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void forgetsAJobThatWaits() {
		registerAll(6, NEVER);
		String last = this.ids.get(5);
		assertThat(delete("/jobs/akool/" + last).statusCode()).isEqualTo(204);
		assertThat(get("/jobs/akool/" + last).statusCode()).isEqualTo(404);
		delete("/jobs/akool/" + this.ids.get(0));
		delete("/jobs/akool/" + this.ids.get(1));
		awaitPolls("akool", this.ids.get(4), 1);
		assertThat(standIn.polls("akool", last)).isEmpty();
	}

	/** Those in front of it expire at the age of two seconds; so old is it then. */
	@Test
	void asksForAJobThatHasWaitedLongerThanItsMaxWait() {
		List<String> front = IntStream.range(0, PLACES).mapToObj((number) -> newId("front")).toList();
		front.forEach((id) -> standIn.crun(id).finishesAfter(NEVER));
		front.forEach((id) -> register("crun", id));
		String late = newId("late");
		standIn.crun(late).withFaces(1);
		register("crun", late);
		assertThat(awaitEnd("crun", late).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(standIn.polls("crun", late)).hasSize(1);
		front.forEach((id) -> assertThat(awaitEnd("crun", id).path("status").asText()).isEqualTo("EXPIRED"));
	}

	@Test
	void showsWhatWaitsAndWarnsOfItOnceAnHour(CapturedOutput output) {
		registerAll(10, NEVER);
		JsonNode waits = patiently().until(() -> provider("akool").path("backlog"),
				(backlog) -> backlog.path("jobs").asInt() == 7);
		assertThat(waits.path("lastAskedIn").asDouble()).isBetween(0.0, 0.01);
		assertThat(provider("crun").get("backlog").isNull()).isTrue();
		for (int count = 0; count < 4; count++) {
			this.backlog.count();
		}
		assertThat(output.toString().split("akool: 7 jobs wait, at 10000/1s the last is asked in 0 s")).hasSize(2);
		assertThat(output).doesNotContain("crun: ");
	}

	@Test
	void showsWhatWaitsToBeSubmittedAndWarnsOfIt(CapturedOutput output) {
		post("/providers/crun/pause", "");
		List<String> requests = IntStream.range(0, 3).mapToObj((number) -> newId("media")).toList();
		try {
			requests.forEach((id) -> post("/jobs",
					"{\"provider\":\"crun\",\"mediaUrl\":\"https://media.example.com/%s.png\",\"requestId\":\"%1$s\"}"
						.formatted(id)));
			assertThat(provider("crun").path("submitting").asInt()).isEqualTo(3);
			assertThat(provider("crun").at("/accounts/0/submitting").asInt()).isEqualTo(3);
			assertThat(provider("akool").path("submitting").asInt()).isZero();
			this.backlog.count();
			this.backlog.count();
			assertThat(
					output.toString().split("crun: 3 jobs wait to be submitted, at 10000/1s the last is sent in 0 s"))
				.hasSize(2);
		}
		finally {
			requests.forEach((id) -> post("/requests/" + id + "/abandon", ""));
			post("/providers/crun/resume", "");
		}
		assertThat(provider("crun").path("submitting").asInt()).isZero();
	}

	/**
	 * Who had all the places keeps as many as his part is, and none of his jobs is lost.
	 */
	@Test
	void makesRoomForAnotherCallerWhereNoPlaceGetsFree() {
		registerAll(10, NEVER);
		this.ids.subList(0, PLACES).forEach((id) -> awaitPolls("akool", id, 1));
		List<String> few = IntStream.range(0, 4).mapToObj((number) -> newId("few")).toList();
		few.forEach((id) -> standIn.akool(id).finishesAfter(Duration.ofMillis(300)).withFaces(1));
		few.forEach((id) -> post("/jobs",
				"{\"provider\":\"akool\",\"jobId\":\"%s\",\"reference\":\"few:%1$s\"}".formatted(id)));
		few.forEach((id) -> assertThat(awaitEnd("akool", id).path("status").asText()).isEqualTo("SUCCEEDED"));
		few.forEach((id) -> assertThat(events("akool", id)).hasSize(2));
		this.ids.forEach((id) -> standIn.akool(id).finishesAfter(Duration.ZERO));
		this.ids.forEach((id) -> assertThat(awaitEnd("akool", id).path("status").asText()).isEqualTo("SUCCEEDED"));
	}

	@Test
	void takesPlacesFromWhoHasMostForItsPriority() throws Exception {
		registerAll(10, NEVER);
		awaitPolls("akool", this.ids.get(0), 1);
		giveAllBack();
		Caller other = Caller.of("other:", 9);
		Caller any = Caller.of(null, null);
		assertThat(this.jobs.inTheWay(AKOOL, Map.of(other, 9), 100)).isEqualTo(Map.of(other, 3));
		assertThat(this.jobs.inTheWay(AKOOL, Map.of(other, 9), 2)).isEqualTo(Map.of(other, 2));
		assertThat(this.jobs.inTheWay(AKOOL, Map.of(other, 100), 1000)).isEqualTo(Map.of(other, 10));
		assertThat(this.jobs.inTheWay(AKOOL, Map.of(other, 9, any, 3), 100)).isEqualTo(Map.of(other, 1));
		assertThat(this.jobs.inTheWay(AKOOL, Map.of(other, 9, any, 5), 100)).isEmpty();
		assertThat(this.jobs.inTheWay(AKOOL, Map.of(any, 3), 100)).isEmpty();
		Caller last = Caller.of("last:", 1);
		assertThat(this.jobs.inTheWay(AKOOL, Map.of(last, 1), 100)).isEmpty();
		assertThat(this.jobs.inTheWay(AKOOL, Map.of(last, 2, other, 9), 100)).isEqualTo(Map.of(last, 1, other, 2));
		assertThat(this.jobs.inTheWay(AKOOL, Map.of(), 100)).isEmpty();
	}

	@Test
	void keepsWhatAStopHasNoTimeToGiveBack() {
		registerAll(10, NEVER);
		awaitPolls("akool", this.ids.get(0), 1);
		assertThat(this.jobs.releaseAll(() -> false)).isFalse();
		assertThat(this.jobs.own()).isNotEmpty();
		assertThat(this.jobs.releaseAll(() -> true)).isTrue();
	}

	/** As after a restart: what the node owned is nobody's. */
	@Test
	void claimsTheOldestFirstAndNoMoreThanItMay() throws Exception {
		registerAll(10, NEVER);
		awaitPolls("akool", this.ids.get(0), 1);
		giveAllBack();
		List<Job> claimed = this.jobs.claim(Map.of(AKOOL, 3), (account) -> Map.of());
		assertThat(claimed).extracting(Job::jobId).isEqualTo(this.ids.subList(0, 3));
		assertThat(this.jobs.free(AKOOL, JobStatus.WATCHING)).isEqualTo(7);
	}

	/** One job of it is watched already. */
	@Test
	void claimsForEachCallerAsItsPrioritySays() throws Exception {
		registerAll(10, NEVER);
		awaitPolls("akool", this.ids.get(0), 1);
		List<String> few = IntStream.range(0, 6).mapToObj((number) -> newId("few")).toList();
		few.forEach((id) -> post("/jobs",
				"{\"provider\":\"akool\",\"jobId\":\"%s\",\"reference\":\"few:%1$s\",\"priority\":9}".formatted(id)));
		giveAllBack();
		Map<Caller, Integer> watched = Map.of(Caller.of("few:", 9), 1);
		List<Job> claimed = this.jobs.claim(Map.of(AKOOL, 6), (account) -> watched);
		assertThat(claimed).extracting(Job::jobId)
			.containsExactlyInAnyOrder(this.ids.get(0), this.ids.get(1), few.get(0), few.get(1), few.get(2),
					few.get(3));
		assertThat(this.jobs.free(AKOOL, JobStatus.WATCHING)).isEqualTo(10);
		few.forEach((id) -> delete("/jobs/akool/" + id));
	}

	/** For nobody to take it before the test does. */
	private void giveAllBack() throws Exception {
		Claiming.stop(this.camel);
		this.jobs.releaseAll(() -> true);
	}

	private void registerAll(int count, Duration duration) {
		this.ids = IntStream.range(0, count).mapToObj((number) -> newId("many")).toList();
		this.ids.forEach((id) -> standIn.akool(id).finishesAfter(duration));
		String requests = this.ids.stream()
			.map("{\"provider\":\"akool\",\"jobId\":\"%s\"}"::formatted)
			.collect(Collectors.joining(",", "[", "]"));
		assertThat(post("/jobs", requests).statusCode()).isEqualTo(202);
	}

	private Set<String> asked() {
		return this.ids.stream().filter((id) -> !standIn.polls("akool", id).isEmpty()).collect(Collectors.toSet());
	}

	private JsonNode provider(String name) {
		for (JsonNode provider : parse(get("/providers").body()).path("providers")) {
			if (provider.path("provider").asText().equals(name)) {
				return provider;
			}
		}
		throw new AssertionError("no " + name + " in GET /providers");
	}

}
