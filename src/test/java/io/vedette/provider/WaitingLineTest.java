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
	void keepsTheLimitOnTwoNodesWhateverTheProviderAnswers() {
		int[] nodes = { 1 };
		ProviderGate one = new ProviderGate(settings(), Instant.EPOCH, () -> nodes[0]);
		this.jobs.add(one, 100, Duration.ofSeconds(5)).answer((job) -> {
			AnswerClass[] types = AnswerClass.values();
			return Answer.of(types[this.jobs.random().nextInt(types.length)], null,
					Duration.ofSeconds(this.jobs.random().nextInt(3)));
		}).run(Duration.ofMinutes(5));
		nodes[0] = 2;
		Instant joined = this.jobs.now();
		this.jobs.add(new ProviderGate(settings(), joined, () -> nodes[0]), 100, Duration.ofSeconds(1))
			.run(Duration.ofMinutes(10));
		assertKept();
		assertThat(this.jobs.jobs().subList(100, 200)).filteredOn((job) -> polls().containsKey(job))
			.hasSizeGreaterThan(20);
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

	private static VedetteProperties.Provider settings() {
		return ProviderSettings.of("rate-limit", LIMIT.toString());
	}

	private static ProviderGate gate() {
		return new ProviderGate(settings(), Instant.EPOCH, () -> 1);
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
