package io.vedette.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TargetGateTest {

	private static final Instant NOW = Instant.parse("2026-05-27T12:00:00Z");

	private final TargetGate gate = new TargetGate(List.of(Duration.ofSeconds(5), Duration.ofHours(1)));

	@Test
	void staysOpenForSomeBadEvents() {
		for (int round = 0; round < 5; round++) {
			fail(TargetGate.FAILURES - 1);
			assertThat(this.gate.room(1000, NOW)).isEqualTo(1000);
			assertThat(this.gate.admits(NOW)).isTrue();
			assertThat(this.gate.answered()).isFalse();
		}
	}

	@Test
	void closesAfterFailuresInARow() {
		assertThat(fail(TargetGate.FAILURES)).isEqualTo(1);
		assertThat(this.gate.room(1000, NOW)).isZero();
		assertThat(this.gate.admits(NOW)).as("what is queued already").isFalse();
	}

	@Test
	void letsOneProbeThroughAtATimeAndEverMoreSeldom() {
		fail(TargetGate.FAILURES);
		Instant now = NOW.plus(TargetGate.FIRST_PAUSE);
		Duration pause = TargetGate.FIRST_PAUSE;
		for (int i = 0; i < 20; i++) {
			assertThat(this.gate.room(1000, now.minusMillis(1))).isZero();
			assertThat(this.gate.room(1000, now)).isEqualTo(1);
			assertThat(this.gate.admits(now)).isTrue();
			assertThat(this.gate.admits(now)).as("a second one").isFalse();
			assertThat(this.gate.failed(now, "HTTP 500", Duration.ZERO)).as("closed once more").isFalse();
			pause = (pause.compareTo(Duration.ofSeconds(30)) < 0) ? pause.multipliedBy(2) : TargetGate.LONGEST_PAUSE;
			now = now.plus(pause);
		}
	}

	@Test
	void probesATargetAsOftenAsItsDeliveriesAreTriedAgain() {
		TargetGate hasty = new TargetGate(List.of(Duration.ofSeconds(3)));
		IntStream.range(0, TargetGate.FAILURES).forEach((i) -> hasty.failed(NOW, "HTTP 500", Duration.ZERO));
		Instant now = NOW.plus(TargetGate.FIRST_PAUSE);
		for (long pause : new long[] { 2, 3, 3 }) {
			assertThat(hasty.admits(now)).isTrue();
			hasty.failed(now, "HTTP 500", Duration.ZERO);
			now = now.plusSeconds(pause);
			assertThat(hasty.room(1000, now.minusMillis(1))).isZero();
			assertThat(hasty.room(1000, now)).isEqualTo(1);
		}
	}

	@Test
	void doesNotWaitLongerForAttemptsThatWereUnderWayWhenItClosed() {
		fail(TargetGate.FAILURES + 3);
		assertThat(this.gate.admits(NOW.plus(TargetGate.FIRST_PAUSE))).isTrue();
	}

	@Test
	void opensWhenAProbeArrives() {
		fail(TargetGate.FAILURES);
		assertThat(this.gate.admits(NOW.plusSeconds(1))).isTrue();
		assertThat(this.gate.reason()).isEqualTo("HTTP 500");
		assertThat(this.gate.answered()).isTrue();
		assertThat(this.gate.reason()).isNull();
		assertThat(this.gate.room(1000, NOW.plusSeconds(1))).isEqualTo(1000);
		assertThat(fail(TargetGate.FAILURES - 1)).isZero();
	}

	@Test
	void waitsAsLongAsTheTargetAsks() {
		fail(TargetGate.FAILURES - 1);
		assertThat(this.gate.failed(NOW, "HTTP 500", Duration.ofMinutes(5))).isTrue();
		assertThat(this.gate.room(1000, NOW.plusSeconds(299))).isZero();
		assertThat(this.gate.room(1000, NOW.plusSeconds(300))).isEqualTo(1);
	}

	@Test
	void sendsAnotherProbeWhenNothingIsHeardOfOne() {
		fail(TargetGate.FAILURES);
		Instant probe = NOW.plus(TargetGate.FIRST_PAUSE);
		assertThat(this.gate.admits(probe)).isTrue();
		assertThat(this.gate.room(1000, probe.plus(TargetGate.LONGEST_PROBE).minusMillis(1))).isZero();
		assertThat(this.gate.room(1000, probe.plus(TargetGate.LONGEST_PROBE))).isEqualTo(1);
	}

	@Test
	void probesAtOnceWhenItIsToldTo() {
		fail(TargetGate.FAILURES);
		this.gate.probe(NOW);
		assertThat(this.gate.room(1000, NOW)).isEqualTo(1);
		assertThat(this.gate.admits(NOW)).isTrue();
		this.gate.probe(NOW);
		assertThat(this.gate.admits(NOW)).as("while a probe is under way").isFalse();
	}

	@Test
	void endsWhatWaitedInVainAsLongAsItIsTried() {
		Duration hour = Duration.ofHours(1);
		fail(TargetGate.FAILURES);
		Instant later = NOW.plusSeconds(7200);
		failProbe(later);
		assertThat(this.gate.expired(hour, 3, later)).as("two probes of three").isNull();
		failProbe(later.plusSeconds(60));
		assertThat(this.gate.expired(hour, 3, later.plusSeconds(60))).as("due when it closed").isEqualTo(NOW);
		failProbe(later.plusSeconds(120));
		assertThat(this.gate.expired(hour, 3, later.plusSeconds(120))).isEqualTo(NOW.plusSeconds(3720));
		this.gate.answered();
		assertThat(this.gate.expired(Duration.ZERO, 1, later)).as("works again").isNull();
	}

	@Test
	void endsNothingThatIsDueForLessThanItsSchedule() {
		fail(TargetGate.FAILURES);
		for (int second = 1; second <= 60; second++) {
			failProbe(NOW.plusSeconds(second * 60L));
		}
		assertThat(this.gate.expired(Duration.ofSeconds(2), 3, NOW.plusSeconds(3600)))
			.as("three probes have failed since")
			.isEqualTo(NOW.plusSeconds(58 * 60L));
	}

	private void failProbe(Instant moment) {
		assertThat(this.gate.admits(moment)).isTrue();
		this.gate.failed(moment, "HTTP 500", Duration.ZERO);
	}

	/** How many of so many failures said that they closed the gate. */
	private long fail(int times) {
		return IntStream.range(0, times).filter((i) -> this.gate.failed(NOW, "HTTP 500", Duration.ZERO)).count();
	}

}
