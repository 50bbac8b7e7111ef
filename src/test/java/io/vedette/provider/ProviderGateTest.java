package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;

import io.vedette.schedule.RateLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import static org.assertj.core.api.Assertions.assertThat;

class ProviderGateTest {

	private static final Instant NOW = Instant.parse("2026-05-27T12:00:00Z");

	private final ProviderGate gate = new ProviderGate(RateLimit.of("100/1s"));

	@Test
	void isOpenAtFirst() {
		assertThat(this.gate.take(NOW)).isEqualTo(NOW);
		assertThat(this.gate.admits(NOW, NOW)).isTrue();
	}

	@Test
	void closesOnceRefused() {
		Instant place = this.gate.take(NOW);
		assertThat(hear(AnswerClass.REFUSED, NOW)).isTrue();
		assertThat(this.gate.take(NOW)).isNull();
		assertThat(this.gate.admits(place, NOW)).as("a poll that had its place already").isFalse();
		assertThat(this.gate.pausedUntil()).isEqualTo(NOW.plusSeconds(60));
		assertThat(hear(AnswerClass.REFUSED, NOW.plusSeconds(1))).as("refused once more").isFalse();
	}

	@Test
	void letsOneProbeThroughAMinute() {
		hear(AnswerClass.REFUSED, NOW);
		for (int minute = 1; minute < 5; minute++) {
			Instant probe = NOW.plusSeconds(60 * minute);
			assertThat(this.gate.admits(null, probe.minusMillis(1))).isFalse();
			assertThat(this.gate.admits(null, probe)).isTrue();
			assertThat(this.gate.admits(null, probe)).isFalse();
			assertThat(this.gate.take(probe)).isNull();
		}
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = { "REFUSED", "UNAVAILABLE" })
	void opensWhenAProbeIsAnswered(AnswerClass answer) {
		hear(AnswerClass.REFUSED, NOW);
		Instant later = NOW.plusSeconds(60);
		assertThat(this.gate.admits(null, later)).isTrue();
		assertThat(hear(answer, later)).isTrue();
		assertThat(hear(answer, later)).isFalse();
		assertThat(this.gate.take(later)).isEqualTo(later);
		assertThat(this.gate.admits(later, later)).isTrue();
	}

	@Test
	void staysClosedWhileProbesBringNoAnswer() {
		hear(AnswerClass.REFUSED, NOW);
		assertThat(hear(AnswerClass.UNAVAILABLE, NOW.plusSeconds(60))).isFalse();
		assertThat(this.gate.take(NOW.plusSeconds(60))).isNull();
	}

	@Test
	void pausesAsLongAsAThrottlingProviderAsks() {
		throttle(NOW, Duration.ofSeconds(30));
		assertThat(this.gate.take(NOW.plusSeconds(29))).isNull();
		assertThat(this.gate.admits(NOW, NOW.plusSeconds(29))).isFalse();
		Instant end = NOW.plusSeconds(30);
		assertThat(this.gate.admits(null, end)).as("no place, no poll").isFalse();
		assertThat(this.gate.take(end)).isEqualTo(end);
		assertThat(this.gate.admits(end, end)).isTrue();
	}

	@Test
	void doesNotPauseWhereAThrottlingProviderNamesNoTime() {
		throttle(NOW, Duration.ZERO);
		assertThat(this.gate.take(NOW)).isEqualTo(NOW);
	}

	@ParameterizedTest
	@EnumSource(names = { "PENDING", "SUCCEEDED", "NOT_FOUND", "UNAVAILABLE" })
	void keepsThePauseWhenAnEarlierPollIsAnsweredLate(AnswerClass late) {
		throttle(NOW, Duration.ofSeconds(30));
		hear(late, NOW.plusMillis(20));
		assertThat(this.gate.take(NOW.plusSeconds(1))).isNull();
	}

	@Test
	void keepsTheLongerOfTwoPauses() {
		throttle(NOW, Duration.ofSeconds(30));
		throttle(NOW.plusMillis(20), Duration.ofSeconds(1));
		throttle(NOW.plusMillis(40), Duration.ZERO);
		assertThat(this.gate.pausedUntil()).isEqualTo(NOW.plusSeconds(30));
	}

	private boolean hear(AnswerClass type, Instant now) {
		return this.gate.hear(Answer.of(type, null, Duration.ZERO), now);
	}

	private void throttle(Instant now, Duration retryAfter) {
		assertThat(this.gate.hear(Answer.of(AnswerClass.THROTTLED, null, retryAfter), now)).isFalse();
	}

}
