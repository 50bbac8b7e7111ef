package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

import io.vedette.node.RateShare;
import io.vedette.node.VirtualTable;
import io.vedette.provider.VirtualJobs.Poll;
import io.vedette.schedule.RateLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nodes that share a provider's rate limit, in virtual time: who may ask, and how often.
 */
class SharedLimitTest {

	private static final Duration LEASE = Duration.ofSeconds(30);

	private static final int SCHEDULES = Integer.getInteger("schedules", 25);

	private RateLimit limit = RateLimit.of("20/10s");

	private Random random = new Random(1);

	private VirtualJobs jobs = new VirtualJobs(1);

	private double databaseDrift;

	private VirtualTable table = new VirtualTable(this.random, this::databaseTime, (time) -> this.jobs.run(time));

	private final Map<String, Member> members = new TreeMap<>();

	private final class Member {

		private final VirtualTable.Process process;

		private final ProviderGate gate;

		private final Duration ahead;

		private Member(String name) {
			this.ahead = Duration.ofMillis(SharedLimitTest.this.random.nextInt(7_200_000) - 3_600_000);
			this.process = SharedLimitTest.this.table.start(name, () -> jobs().now().plus(this.ahead), LEASE,
					SharedLimitTest.this.limit.period());
			RateShare share = this.process.share("crun", SharedLimitTest.this.limit);
			this.gate = new ProviderGate(ProviderSettings.of(), SharedLimitTest.this.limit, this.process.usedUntil(),
					share::requests);
			share.sentBy(this.gate);
			beat();
		}

		private void beat() {
			this.process.beat();
			if (!this.process.isDead()) {
				jobs().in(Duration.ofSeconds(1), this::beat);
			}
		}

		private Member give(int count, Duration delay) {
			jobs().add(this.gate, count, delay, this.ahead);
			return this;
		}

		private void kill() {
			jobs().kill(this.gate);
			this.process.kill();
		}

		private void leave() {
			jobs().kill(this.gate);
			this.process.leave();
		}

	}

	@Test
	void aNodeAloneHasAllOfItAtOnce() {
		start("a").give(400, Duration.ofMillis(1));
		this.jobs.run(Duration.ofMillis(300));
		assertThat(this.jobs.polls()).hasSize(20);
	}

	@Test
	void theNodeThatHasTheJobsHasTheRate() {
		start("a").give(400, Duration.ofSeconds(5));
		start("b");
		start("c");
		assertThat(sent(Duration.ofSeconds(30), Duration.ofMinutes(5))).isGreaterThanOrEqualTo(19);
		assertKept();
	}

	@Test
	void theRateFollowsTheJobs() {
		start("a");
		start("b").give(300, Duration.ofSeconds(5));
		start("c").give(100, Duration.ofSeconds(5));
		this.jobs.run(Duration.ofMinutes(2));
		assertThat(this.table.shares("crun")).containsEntry("a", 0).containsEntry("b", 15).containsEntry("c", 5);
		this.members.get("a").give(400, Duration.ofSeconds(5));
		this.jobs.run(Duration.ofMinutes(2));
		assertThat(this.table.shares("crun")).containsEntry("a", 10);
		assertKept();
	}

	@Test
	void aFirstJobElsewhereIsAskedSoon() {
		start("a").give(400, Duration.ofSeconds(5));
		Member other = start("b");
		this.jobs.run(Duration.ofMinutes(1));
		Instant registered = this.jobs.now();
		other.give(1, Duration.ofMillis(1));
		this.jobs.run(Duration.ofSeconds(20));
		Instant asked = this.jobs.polls()
			.stream()
			.filter((poll) -> poll.job().delay().equals(Duration.ofMillis(1)))
			.map(Poll::arrival)
			.findFirst()
			.orElseThrow();
		assertThat(Duration.between(registered, asked)).isLessThan(Duration.ofSeconds(6));
		assertKept();
	}

	@Test
	void requestsSpreadOverThePeriodWhereMoreWait() {
		start("a").give(400, Duration.ofSeconds(5));
		this.jobs.run(Duration.ofSeconds(30));
		Instant begin = this.jobs.now();
		this.jobs.run(Duration.ofMinutes(3));
		List<Instant> moments = arrivals().stream().filter((moment) -> moment.isAfter(begin)).toList();
		assertThat(IntStream.range(5, moments.size())
			.mapToObj((i) -> Duration.between(moments.get(i - 5), moments.get(i))))
			.as("from a poll to the 5th after it")
			.allSatisfy((time) -> assertThat(time).isGreaterThan(Duration.ofSeconds(1)));
	}

	@Test
	void nodesTakeTurnsWhereThereIsNotOneRequestForEach() {
		this.limit = RateLimit.of("2/10s");
		for (String name : List.of("a", "b", "c", "d", "e")) {
			start(name).give(10, Duration.ofSeconds(5));
		}
		assertThat(sent(Duration.ofMinutes(1), Duration.ofMinutes(30))).isGreaterThan(1.2);
		assertThat(this.jobs.jobs())
			.allSatisfy((job) -> assertThat(this.jobs.polls()).anyMatch((poll) -> poll.job() == job));
		assertKept();
	}

	@Test
	void whatAKilledNodeHadIsUsedAgainOnceItsLeaseHasRunOut() {
		start("a").give(400, Duration.ofSeconds(5));
		start("b").give(400, Duration.ofSeconds(5));
		this.jobs.run(Duration.ofMinutes(1));
		this.members.get("b").kill();
		this.jobs.run(LEASE);
		assertThat(sent(Duration.ofSeconds(20), Duration.ofMinutes(2))).isGreaterThanOrEqualTo(19);
		assertKept();
	}

	@Test
	void aNodeThatCannotReachTheDatabaseAsksNothingOnceItsLeaseHasRunOut() {
		Member silent = start("a");
		start("b");
		silent.give(400, Duration.ofSeconds(5));
		this.jobs.run(Duration.ofMinutes(1));
		silent.process.fail(1);
		this.jobs.run(LEASE.plusSeconds(1));
		int before = this.jobs.polls().size();
		this.jobs.run(Duration.ofMinutes(1));
		assertThat(this.jobs.polls()).hasSize(before);
		silent.process.fail(0);
		assertThat(sent(Duration.ofSeconds(15), Duration.ofMinutes(1))).isGreaterThanOrEqualTo(19);
	}

	@Test
	void aNodeThatIsAloneAsksOnWhileTheDatabaseIsAway() {
		Member alone = start("a").give(400, Duration.ofSeconds(5));
		this.jobs.run(Duration.ofMinutes(1));
		alone.process.fail(1);
		assertThat(sent(LEASE.multipliedBy(2), Duration.ofMinutes(1))).isGreaterThanOrEqualTo(19);
		alone.process.fail(0);
		assertThat(sent(Duration.ofSeconds(15), Duration.ofMinutes(1))).isGreaterThanOrEqualTo(19);
		assertKept();
	}

	/**
	 * Nodes come, stop, are killed and come back at once or late, can't reach the
	 * database now and then unless they are alone, and their clocks differ. With
	 * {@code -Dschedules=250} it is done 1,000 times.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "20/10s", "3/10s", "1/5s", "100/1s" })
	void noPeriodHoldsMoreThanTheLimitWhateverHappens(String text) {
		int polls = 0;
		for (int seed = 0; seed < SCHEDULES; seed++) {
			this.limit = RateLimit.of(text);
			this.random = new Random(seed);
			this.jobs = new VirtualJobs(seed);
			this.table = new VirtualTable(this.random, this::databaseTime, (time) -> this.jobs.run(time));
			this.members.clear();
			this.table.slowDown(0.005);
			this.jobs.replyLate(0.03);
			this.databaseDrift = (this.random.nextDouble() - 0.5) / 50;
			for (int event = 0; event < 40; event++) {
				happen();
				this.jobs.run(Duration.ofMillis(this.random.nextInt(this.random.nextBoolean() ? 2_000 : 20_000)));
			}
			assertKept();
			polls += this.jobs.polls().size();
		}
		assertThat(polls).isGreaterThan(SCHEDULES * 10);
	}

	private void happen() {
		String name = List.of("a", "b", "c", "d").get(this.random.nextInt(4));
		Member member = this.members.get(name);
		if (member == null || member.process.isDead()) {
			try {
				start(name);
			}
			catch (VirtualTable.Unreachable ex) {
				return;
			}
		}
		else {
			switch (this.random.nextInt(8)) {
				case 0 -> member.kill();
				case 1 -> member.leave();
				case 2, 3 -> fail(member, name, (this.random.nextInt(3) == 0) ? 1 : this.random.nextDouble());
				case 4, 5 -> member.process.fail(0);
				default -> member.give(this.random.nextInt(30), Duration.ofMillis(1 + this.random.nextInt(10_000)));
			}
		}
	}

	/** One that has always been alone asks on, and could not tell that others come. */
	private void fail(Member member, String name, double share) {
		if (this.table.shares("crun").get(name) != Integer.MAX_VALUE) {
			member.process.fail(share);
		}
	}

	private VirtualJobs jobs() {
		return this.jobs;
	}

	private Instant databaseTime() {
		Instant now = this.jobs.now();
		return now.plusMillis((long) (this.databaseDrift * Duration.between(VirtualJobs.START, now).toMillis()));
	}

	private Member start(String name) {
		Member member = new Member(name);
		this.members.put(name, member);
		return member;
	}

	/** Requests in ten seconds, of all nodes. */
	private double sent(Duration before, Duration time) {
		this.jobs.run(before);
		int first = this.jobs.polls().size();
		this.jobs.run(time);
		return 10.0 * (this.jobs.polls().size() - first) / time.toSeconds();
	}

	private List<Instant> arrivals() {
		List<Instant> arrivals = new ArrayList<>(this.jobs.polls().stream().map(Poll::arrival).toList());
		arrivals.sort(null);
		return arrivals;
	}

	private void assertKept() {
		List<Instant> arrivals = arrivals();
		for (int i = this.limit.requests(); i < arrivals.size(); i++) {
			assertThat(Duration.between(arrivals.get(i - this.limit.requests()), arrivals.get(i)))
				.as("from the poll at %s to the one that comes as many later as the limit allows",
						arrivals.get(i - this.limit.requests()))
				.isGreaterThanOrEqualTo(this.limit.period());
		}
	}

}
