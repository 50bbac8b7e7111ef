package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.schedule.SteadyClock;
import io.vedette.standin.Reply;
import io.vedette.standin.Request;
import io.vedette.standin.StandInJob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** How long Vedette waits: for a provider that asks for it, for a key, for an end. */
@TestPropertySource(properties = { "vedette.providers.akool.max-wait=4s", "vedette.providers.akool.not-found-grace=1s",
		"vedette.providers.crun.max-wait=4s", "vedette.providers.crun.not-found-grace=1s",
		"vedette.providers.crun.result-grace=3s" })
class PatienceTest extends RunningVedette {

	/** Clocks, timers and the way over the wire may differ by that much. */
	private static final Duration TOLERANCE = Duration.ofMillis(20);

	@Autowired
	private Providers providers;

	@Autowired
	private SteadyClock clock;

	/** The pause after a refusal is a minute, which is too long for the next test. */
	@AfterEach
	void openTheGates() {
		for (String provider : List.of("akool", "crun")) {
			hear(provider, AnswerClass.REFUSED, this.clock.instant());
			hear(provider, AnswerClass.PENDING, this.clock.instant());
		}
	}

	/** As if a poll of some job was answered so. */
	private void hear(String provider, AnswerClass type, Instant now) {
		this.providers.get(provider)
			.account("default")
			.poll((moment) -> 1)
			.hear(Answer.of(type, null, Duration.ZERO), now);
	}

	private boolean isPaused(String provider) {
		return this.providers.get(provider).account("default").pause(this.clock.instant()).isPresent();
	}

	@ParameterizedTest(name = "{0} HTTP {1} {2}")
	@MethodSource("refusals")
	void pausesTheProviderAndKeepsTheJobOnceRefused(String provider, int status, int code) {
		String id = newId("refused");
		standInJob(provider, id).replies(rejected(status, code));
		register(provider, id);
		awaitPolls(provider, id, 1);
		patiently().until(() -> isPaused(provider));
		String other = newId("waiting");
		standInJob(provider, other).withFaces(1);
		register(provider, other);
		patiently().during(Duration.ofMillis(500)).until(() -> standIn.polls(provider, other).isEmpty());
		assertThat(standIn.polls(provider, id)).hasSize(1);
		for (String job : List.of(id, other)) {
			assertThat(job(provider, job).path("status").asText()).isEqualTo("WATCHING");
			assertThat(events(provider, job)).isEmpty();
			assertThat(delete("/jobs/" + provider + "/" + job).statusCode()).isEqualTo(204);
		}
	}

	static Stream<Arguments> refusals() {
		Stream<Arguments> akool = IntStream.of(1004, 1006, 1101, 1102, 1103, 1104, 1109, 1200)
			.mapToObj((code) -> Arguments.of("akool", 200, code));
		Stream<Arguments> crun = IntStream.of(401, 402, 403, 505)
			.boxed()
			.flatMap((code) -> Stream.of(Arguments.of("crun", 200, code), Arguments.of("crun", code, code)));
		return Stream.of(akool, crun, Stream.of(Arguments.of("akool", 401, 1101), Arguments.of("akool", 403, 0)))
			.flatMap((cases) -> cases);
	}

	@Test
	void goesOnOnceTheProviderAnswersAgain() {
		hear("crun", AnswerClass.REFUSED, this.clock.instant().minusSeconds(58));
		String id = newId("patient");
		standIn.crun(id).withFaces(1);
		assertThat(watch("crun", id).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(standIn.polls("crun", id)).hasSize(1);
		assertThat(isPaused("crun")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "akool", "crun" })
	void expiresAJobThatIsNotKnownAfterTheGrace(String provider) {
		assertExpires(provider, "not-found", Duration.ofSeconds(1), notFound(provider));
	}

	@Test
	void expiresAJobThatHttpDoesNotFindAfterTheGrace() {
		assertExpires("akool", "not-found", Duration.ofSeconds(1), Reply.status(404));
		assertExpires("akool", "not-found", Duration.ofSeconds(1), rejected(200, 1008));
		assertExpires("crun", "not-found", Duration.ofSeconds(1), rejected(200, 404));
	}

	@Test
	void expiresAJobThatNeverEnds() {
		assertExpires("akool", "max-wait", Duration.ofSeconds(4),
				Reply.json(parse("{'code': 1000, 'data': {'status': 2}}")));
	}

	@Test
	void saysWhatAnExpiredJobWasLastSaidToBe() {
		String id = newId("canceled");
		standIn.crun(id).replies(processing(), Reply.json(parse("{'code': 200, 'data': {'status': 'parked'}}")));
		JsonNode job = watch("crun", id);
		assertThat(job.path("status").asText()).isEqualTo("EXPIRED");
		assertThat(job.at("/reason/message").asText())
			.isEqualTo("not finished after 4 s; the last answer was pending (status 'parked'), %d times"
				.formatted(job.path("polls").asInt() - 1));
	}

	@Test
	void keepsAJobWhoseProviderIsAwayForLongerThanItMayTake() {
		String id = newId("outage");
		Instant registered = Instant.now();
		standIn.crun(id).replies(processing(), Reply.html("<h1>maintenance</h1>").withStatus(503));
		register("crun", id);
		patiently().during(Duration.ofSeconds(6))
			.until(() -> job("crun", id).path("status").asText().equals("WATCHING"));
		assertThat(Instant.now()).isAfter(registered.plusSeconds(6));
		standIn.crun(id).withFaces(1).replies(done());
		assertThat(awaitEnd("crun", id).path("status").asText()).isEqualTo("SUCCEEDED");
	}

	@Test
	void asksOnceMoreAfterAnOutageAndExpiresWhatIsNotFinished() {
		String id = newId("outage");
		standIn.crun(id).replies(Reply.status(503));
		register("crun", id);
		patiently().during(Duration.ofSeconds(5))
			.until(() -> job("crun", id).path("status").asText().equals("WATCHING"));
		standIn.crun(id).replies(processing());
		JsonNode job = awaitEnd("crun", id);
		assertThat(job.path("status").asText()).isEqualTo("EXPIRED");
		assertThat(job.at("/reason/message").asText())
			.isEqualTo("not finished after 4 s; the last answer was pending (status 'processing'), once");
	}

	@Test
	void keepsAJobWhoseProviderThrottlesForLongerThanItMayTake() {
		String id = newId("throttled");
		standIn.akool(id).replies(Reply.status(429));
		register("akool", id);
		patiently().during(Duration.ofSeconds(5))
			.until(() -> job("akool", id).path("status").asText().equals("WATCHING"));
		assertThat(delete("/jobs/akool/" + id).statusCode()).isEqualTo(204);
	}

	@Test
	void expiresAJobThatAloneOfAllIsNotAnswered() {
		String id = newId("unreadable");
		standIn.crun(id).replies(Reply.html("<h1>Error</h1>"));
		register("crun", id);
		// Each lives for four seconds: of them there is always one that is answered.
		for (int i = 0; i < 3; i++) {
			watch("crun", newId("answered"));
		}
		JsonNode job = awaitEnd("crun", id);
		assertThat(job.path("status").asText()).isEqualTo("EXPIRED");
		assertThat(job.at("/reason/code").asText()).isEqualTo("max-wait");
		assertThat(job.at("/reason/message").asText())
			.startsWith("not finished after 4 s; the last answer was unavailable (");
	}

	@Test
	void asksAgainWhereSuccessHasNoResultYet() {
		String id = newId("early");
		Reply early = Reply.json(parse("{'code': 200, 'data': {'status': 'succeeded', 'result': null}}"));
		standIn.crun(id)
			.replies(early, early, Reply
				.json(parse("{'code': 200, 'data': {'status': 'succeeded', 'result': {'faces': [{'id': 7}]}}}")));
		JsonNode job = watch("crun", id);
		assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(job.path("polls").asInt()).isEqualTo(3);
		assertThat(events("crun", id)).extracting((event) -> event.path("id").asText())
			.containsExactly("crun:" + id + ":face:7", "crun:" + id + ":job");
	}

	@Test
	void takesSuccessWithoutAResultForNoFaceAfterTheGrace() {
		String id = newId("nobody");
		standIn.crun(id).replies(Reply.json(parse("{'code': 200, 'data': {'status': 'succeeded', 'result': {}}}")));
		JsonNode job = watch("crun", id);
		assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
		List<Request> polls = standIn.polls("crun", id);
		assertThat(polls).hasSizeBetween(4, 40);
		assertThat(Duration.between(polls.get(0).time(), polls.get(polls.size() - 1).time()))
			.isBetween(Duration.ofSeconds(3).minus(TOLERANCE), Duration.ofSeconds(4));
		assertThat(events("crun", id)).singleElement()
			.satisfies((event) -> assertThat(event.at("/data/faces").asInt(-1)).isZero());
	}

	@Test
	void takesAnEmptyListOfFacesAtItsWord() {
		String id = newId("empty");
		standIn.crun(id).replies(done());
		assertThat(watch("crun", id).path("polls").asInt()).isEqualTo(1);
	}

	private void assertExpires(String provider, String code, Duration age, Reply reply) {
		String id = newId("expired");
		standInJob(provider, id).replies(reply);
		JsonNode job = watch(provider, id);
		assertThat(job.path("status").asText()).isEqualTo("EXPIRED");
		assertThat(job.at("/reason/code").asText()).isEqualTo(code);
		assertThat(Duration.between(Instant.parse(job.path("registeredAt").asText()),
				Instant.parse(job.path("finishedAt").asText())))
			.isBetween(age, age.plusSeconds(2));
		assertThat(standIn.polls(provider, id)).hasSizeGreaterThan(2);
		assertThat(events(provider, id)).singleElement().satisfies((event) -> {
			assertThat(event.path("type").asText()).isEqualTo("vedette.job.expired");
			assertThat(event.at("/data/reason")).isEqualTo(job.path("reason"));
		});
	}

	@ParameterizedTest
	@ValueSource(ints = { 200, 429, 500, 503 })
	void asksNoSoonerThanRetryAfterSaysInSeconds(int status) {
		String id = newId("seconds");
		Reply busy = (status == 200) ? Reply.json(parse("{'code': 200, 'data': {'status': 'processing'}}"))
				: Reply.status(status);
		standIn.crun(id).replies(busy.header("retry-after", "1"), done());
		assertThat(watch("crun", id).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(betweenPolls(id)).isBetween(Duration.ofSeconds(1).minus(TOLERANCE), Duration.ofSeconds(3));
	}

	@Test
	void asksNoSoonerThanRetryAfterSaysAsADate() {
		String id = newId("date");
		Instant date = Instant.now().plusSeconds(3).truncatedTo(ChronoUnit.SECONDS);
		String text = DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atOffset(ZoneOffset.UTC))
			.replace("+0000", "GMT");
		standIn.crun(id).replies(Reply.status(429).header("retry-after", text), done());
		assertThat(watch("crun", id).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(standIn.polls("crun", id).get(1).time()).isBetween(date.minus(TOLERANCE), date.plusSeconds(2));
	}

	@Test
	void keepsOtherJobsFromAThrottlingProviderToo() {
		String id = newId("throttled");
		standIn.crun(id).replies(Reply.status(429).header("retry-after", "2"), done());
		register("crun", id);
		patiently().until(() -> isPaused("crun"));
		String other = newId("throttled");
		standIn.crun(other).replies(done());
		assertThat(watch("crun", other).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(
				Duration.between(standIn.polls("crun", id).get(0).time(), standIn.polls("crun", other).get(0).time()))
			.isBetween(Duration.ofSeconds(2).minus(TOLERANCE), Duration.ofSeconds(4));
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "soon", "-1", "1e12", "Mon, 01 Jan 1990 00:00:00 GMT", "${sys.user.home}" })
	void asksAsUsualWhereRetryAfterSaysNothing(String text) {
		String id = newId("garbage");
		standIn.crun(id).replies(Reply.status(429).header("retry-after", text), done());
		assertThat(watch("crun", id).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(betweenPolls(id)).isLessThan(Duration.ofSeconds(1));
	}

	@Test
	void believesNoRetryAfterBeyondFiveMinutes() {
		String id = newId("forever");
		standIn.crun(id).replies(Reply.status(429).header("retry-after", "1000000000000"));
		register("crun", id);
		patiently().until(() -> isPaused("crun"));
		Instant now = this.clock.instant();
		assertThat(this.providers.get("crun").account("default").pause(now).orElseThrow().until())
			.isBetween(now.plus(Duration.ofMinutes(4)), now.plus(Duration.ofMinutes(5)));
		assertThat(delete("/jobs/crun/" + id).statusCode()).isEqualTo(204);
	}

	private static Duration betweenPolls(String id) {
		List<Request> polls = standIn.polls("crun", id);
		assertThat(polls).hasSize(2);
		return Duration.between(polls.get(0).time(), polls.get(1).time());
	}

	private static StandInJob standInJob(String provider, String id) {
		return provider.equals("akool") ? standIn.akool(id) : standIn.crun(id);
	}

	private static Reply notFound(String provider) {
		return provider.equals("akool") ? rejected(200, 1014) : rejected(404, 404);
	}

	private static Reply rejected(int status, int code) {
		return Reply.json(status, parse("{'code': " + code + ", 'msg': 'no', 'message': 'no'}"));
	}

	private static Reply done() {
		return Reply.json(parse("{'code': 200, 'data': {'status': 'succeeded', 'result': {'faces': []}}}"));
	}

	private static Reply processing() {
		return Reply.json(parse("{'code': 200, 'data': {'status': 'processing'}}"));
	}

}
