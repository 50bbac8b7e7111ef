package io.vedette.provider;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Random;

import io.vedette.Figures;
import io.vedette.schedule.RateLimit;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Writes into docs/polling.md how long a caller's ten jobs wait beside the thousands of
 * another: {@code ./mvnw test -Dtest=FairnessReport}.
 */
class FairnessReport {

	private static final RateLimit LIMIT = RateLimit.of("20/10s");

	private static final int FEW = 10;

	private static final Duration WANTED = Duration.ofSeconds(5);

	private static final Duration TIME = Duration.ofSeconds(45);

	private static final Instant START = Instant.parse("2026-05-27T12:00:00Z");

	@Test
	void writesTheFigures() throws IOException {
		StringBuilder text = new StringBuilder();
		text.append("| jobs of the other | turns | priority of the ten, of the other | polls a job of the ten |")
			.append(" mean lag | longest lag |\n")
			.append("|---|---|---|---|---|---|\n");
		row(text, 500, "none: all by worth", "any", new Line(Caller.ANY, Caller.ANY, 500).run());
		row(text, 500, "by caller", "5, 5", run(5, 5, 500));
		row(text, 5_000, "by caller", "5, 5", run(5, 5, 5_000));
		row(text, 5_000, "by caller", "1, 9", run(1, 9, 5_000));
		row(text, 5_000, "by caller", "9, 1", run(9, 1, 5_000));
		Path page = Path.of("docs/polling.md");
		new Figures(page, "fairness").write(text.toString());
		assertThat(Files.readString(page)).contains(text);
	}

	private static List<Waiter> run(int few, int many, int jobs) {
		return new Line(Caller.of("few:1", few), Caller.of("many:1", many), jobs).run();
	}

	private static void row(StringBuilder text, int jobs, String turns, String priorities, List<Waiter> ten) {
		text.append(String.format(Locale.ROOT, "| %,d | %s | %s | %.1f | %,.1f s | %,.1f s |%n", jobs, turns,
				priorities, ten.stream().mapToInt((one) -> one.polls).average().orElseThrow(),
				ten.stream().mapToDouble((one) -> one.lag).average().orElseThrow(),
				ten.stream().mapToDouble((one) -> one.lag).max().orElseThrow()));
	}

	/** A line at a gate: the many come first, the few a minute after the last of them. */
	private static final class Line {

		private final ProviderGate gate = new ProviderGate(ProviderSettings.of("rate-limit", LIMIT.toString()), LIMIT,
				Instant.EPOCH, (now) -> LIMIT.requests());

		private final PriorityQueue<Waiter> timers = new PriorityQueue<>(
				Comparator.comparing((Waiter one) -> one.wakesAt).thenComparing((one) -> one.number));

		private final List<Waiter> ten;

		Line(Caller few, Caller many, int jobs) {
			Random random = new Random(1);
			for (int i = 0; i < jobs; i++) {
				this.timers.add(new Waiter(this.gate, i, many, START.plusMillis(random.nextInt(60_000))));
			}
			this.ten = random.ints(FEW, 120_000, 121_000)
				.mapToObj((millis) -> new Waiter(this.gate, millis, few, START.plusMillis(millis)))
				.toList();
			this.timers.addAll(this.ten);
		}

		List<Waiter> run() {
			while (this.ten.stream().anyMatch((one) -> one.lag < 0)) {
				Waiter next = this.timers.poll();
				if (next.wake()) {
					this.timers.add(next);
				}
			}
			return this.ten;
		}

	}

	/** A job that has finished after some time, and wants a poll every now and then. */
	private static final class Waiter implements Pollable {

		private final WaitingPoll poll;

		private final int number;

		private final Caller caller;

		private final Instant finishedAt;

		private Instant wakesAt;

		private Instant askedAt;

		private boolean asked;

		private int polls;

		private double lag = -1;

		Waiter(ProviderGate gate, int number, Caller caller, Instant begin) {
			this.poll = new WaitingPoll(gate, this);
			this.number = number;
			this.caller = caller;
			this.finishedAt = begin.plus(TIME);
			this.askedAt = begin;
			this.wakesAt = begin.plus(WANTED);
		}

		@Override
		public double worth(Instant now) {
			return (double) Duration.between(this.askedAt, now).toNanos() / WANTED.toNanos();
		}

		@Override
		public Caller caller() {
			return this.caller;
		}

		/** Whether it goes on. */
		boolean wake() {
			if (!this.asked) {
				Duration sleep = this.poll.await(this.wakesAt);
				this.asked = sleep.isZero();
				this.polls += this.asked ? 1 : 0;
				this.askedAt = this.asked ? this.wakesAt : this.askedAt;
				this.wakesAt = this.wakesAt.plus(this.asked ? Duration.ofMillis(100) : sleep);
				return true;
			}
			this.asked = false;
			this.poll.hear(Answer.of(AnswerClass.PENDING, null, Duration.ZERO), this.wakesAt);
			if (!this.finishedAt.isAfter(this.askedAt)) {
				this.poll.end(this.wakesAt);
				this.lag = Duration.between(this.finishedAt, this.wakesAt).toMillis() / 1000.0;
				return false;
			}
			this.wakesAt = this.askedAt.plus(WANTED);
			return true;
		}

	}

}
