package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.vedette.config.VedetteProperties;
import io.vedette.provider.VirtualJobs.Job;
import io.vedette.provider.VirtualJobs.Poll;
import io.vedette.schedule.RateLimit;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Who is asked, and how often, when more polls are wanted than the limit allows. */
class WaitingLineTest {

	private static final RateLimit LIMIT = RateLimit.of("20/10s");

	private final VirtualJobs jobs = new VirtualJobs(1);

	@Test
	void keepsTheLimitAndUsesAllOfIt() {
		this.jobs.add(gate(), 500, Duration.ofSeconds(5)).run(Duration.ofMinutes(10));
		assertKept();
		// A place is free a period after the reply, here 10.1 s after it was taken.
		assertThat(this.jobs.polls().size()).isBetween((int) (1200 * 0.97), 1220);
	}

	@Test
	void keepsTheLimitWhateverTheProviderAnswers() {
		this.jobs.add(gate(), 200, Duration.ofSeconds(5)).answer((job) -> {
			AnswerClass[] types = AnswerClass.values();
			return Answer.of(types[this.jobs.random().nextInt(types.length)], null,
					Duration.ofSeconds(this.jobs.random().nextInt(3)));
		}).run(Duration.ofMinutes(15));
		assertKept();
		assertThat(this.jobs.polls()).hasSizeGreaterThan(20);
	}

	/** Their schedules want 10 times as many polls as the limit allows. */
	@Test
	void spendsThePollsWhereTheyAreWorthMost() {
		ProviderGate gate = gate();
		this.jobs.add(gate, 50, Duration.ofSeconds(4))
			.add(gate, 240, Duration.ofSeconds(32))
			.run(Duration.ofMinutes(40));
		Map<Job, List<Instant>> polls = polls();
		double hot = mean(polls, Duration.ofSeconds(4));
		double cold = mean(polls, Duration.ofSeconds(32));
		assertThat(hot / cold).as("first come first served: about 1").isBetween(7.0, 9.0);
	}

	@Test
	void letsNoJobWaitForEver() {
		ProviderGate gate = gate();
		this.jobs.add(gate, 60, Duration.ofSeconds(1)).add(gate, 5, Duration.ofSeconds(30)).run(Duration.ofMinutes(90));
		Map<Job, List<Instant>> all = polls();
		assertThat(this.jobs.jobs()).allSatisfy((job) -> {
			List<Instant> polls = all.get(job);
			// In turn, each of the 65 would wait 32 times its delay or so.
			Duration fair = job.delay().multipliedBy(40);
			assertThat(polls).hasSizeGreaterThan(3);
			Duration longest = IntStream.range(1, polls.size())
				.mapToObj((i) -> Duration.between(polls.get(i - 1), polls.get(i)))
				.max(Duration::compareTo)
				.orElseThrow();
			assertThat(longest).isLessThan(fair.plusSeconds(10));
		});
	}

	/** However many jobs each has, as long as they want more than its share. */
	@Test
	void sharesAmongCallersAsTheirPrioritiesSay() {
		ProviderGate gate = gate();
		this.jobs.add(gate, 1000, Duration.ofSeconds(5), Caller.of("bulk:1", 1))
			.add(gate, 100, Duration.ofSeconds(5), Caller.of("web/1", 6))
			.add(gate, 30, Duration.ofSeconds(5), Caller.of("some text", 3))
			.run(Duration.ofMinutes(11));
		assertKept();
		Instant begin = VirtualJobs.START.plusSeconds(60);
		List<Poll> crowded = this.jobs.polls().stream().filter((poll) -> poll.arrival().isAfter(begin)).toList();
		Map<String, Long> polls = crowded.stream()
			.collect(Collectors.groupingBy((poll) -> poll.job().caller().name(), Collectors.counting()));
		double all = crowded.size();
		assertThat(all).isGreaterThan(60 * 20 * 0.97);
		assertThat(polls.get("bulk") / all).isBetween(0.097, 0.103);
		assertThat(polls.get("web") / all).isBetween(0.597, 0.603);
		assertThat(polls.get("") / all).isBetween(0.297, 0.303);
	}

	/** Who wants less than his share gets it, and the others what he leaves. */
	@Test
	void leavesWhatACallerDoesNotWantToTheOthers() {
		ProviderGate gate = gate();
		this.jobs.add(gate, 1000, Duration.ofSeconds(5), Caller.of("bulk:1", null))
			.add(gate, 10, Duration.ofSeconds(50), Caller.of("few:1", null))
			.run(Duration.ofMinutes(10));
		long few = this.jobs.polls().stream().filter((poll) -> poll.job().caller().name().equals("few")).count();
		assertThat(few).as("of 120 that it wants").isGreaterThan(105);
		assertThat(this.jobs.polls().size()).isBetween((int) (60 * 20 * 0.97), 60 * 20 + 20);
	}

	/** The longer the line, the more seldom a job looks and is compared with others. */
	@Test
	void tenThousandWaitingJobsAreLittleWork() {
		this.jobs.add(gate(), 10_000, Duration.ofSeconds(30)).run(Duration.ofSeconds(40));
		long looks = this.jobs.looks();
		long appraisals = this.jobs.appraisals();
		this.jobs.run(Duration.ofSeconds(60));
		assertThat((this.jobs.looks() - looks) / 60).as("looks a second").isLessThan(600);
		assertThat((this.jobs.appraisals() - appraisals) / 60).as("appraisals a second").isLessThan(100_000);
		assertKept();
		assertThat(this.jobs.polls().size()).isBetween((int) (200 * 0.97), 220);
	}

	/** Else those that are late would make each other later. */
	@Test
	void comparesAJobWithFewOfACrowdThatIsAwake() {
		WaitingLine line = new WaitingLine();
		for (int i = 0; i < 1000; i++) {
			WaitingPoll other = new WaitingPoll(gate(), (now) -> 2);
			line.look(other);
			line.enter(other, VirtualJobs.START);
		}
		WaitingPoll poll = new WaitingPoll(gate(), (now) -> 1);
		line.look(poll);
		assertThat(line.awakeBefore(poll, VirtualJobs.START, Integer.MAX_VALUE)).isEqualTo(100);
	}

	private static VedetteProperties.Provider settings() {
		return ProviderSettings.of("rate-limit", LIMIT.toString());
	}

	private static ProviderGate gate() {
		return new ProviderGate(settings(), LIMIT, Instant.EPOCH, (now) -> LIMIT.requests());
	}

	private Map<Job, List<Instant>> polls() {
		return this.jobs.polls()
			.stream()
			.collect(Collectors.groupingBy(Poll::job, Collectors.mapping(Poll::arrival, Collectors.toList())));
	}

	private double mean(Map<Job, List<Instant>> polls, Duration delay) {
		return this.jobs.jobs()
			.stream()
			.filter((job) -> job.delay().equals(delay))
			.mapToInt((job) -> polls.getOrDefault(job, List.of()).size())
			.average()
			.orElseThrow();
	}

	private void assertKept() {
		List<Instant> arrivals = new ArrayList<>(this.jobs.polls().stream().map(Poll::arrival).toList());
		Collections.sort(arrivals);
		Duration shortest = IntStream.range(LIMIT.requests(), arrivals.size())
			.mapToObj((i) -> Duration.between(arrivals.get(i - LIMIT.requests()), arrivals.get(i)))
			.min(Duration::compareTo)
			.orElseThrow();
		assertThat(shortest).as("from a poll to the 20th after it").isGreaterThanOrEqualTo(LIMIT.period());
	}

}
