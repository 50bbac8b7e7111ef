package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import io.vedette.schedule.RateLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import static org.assertj.core.api.Assertions.assertThat;

class ProviderGateTest {

	private static final Instant NOW = Instant.parse("2026-05-27T12:00:00Z");

	private final ProviderGate gate = gate("100/1s");

	@Test
	void isOpenAtFirst() {
		assertThat(isOpen(NOW)).isTrue();
		assertThat(this.gate.pause(NOW)).isEmpty();
	}

	@Test
	void closesOnceRefused() {
		WaitingPoll waiting = poll(1);
		assertThat(hear(AnswerClass.REFUSED, NOW)).isTrue();
		assertThat(waiting.await(NOW)).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(15));
		assertThat(this.gate.pause(NOW)).hasValue(new Pause(AnswerClass.REFUSED, null, NOW.plusSeconds(60)));
		assertThat(hear(AnswerClass.REFUSED, NOW.plusSeconds(1))).as("refused once more").isFalse();
	}

	@Test
	void letsOneProbeThroughAMinute() {
		hear(AnswerClass.REFUSED, NOW);
		for (int minute = 1; minute < 5; minute++) {
			Instant probe = NOW.plusSeconds(60 * minute);
			assertThat(isOpen(probe.minusMillis(1))).isFalse();
			assertThat(isOpen(probe)).isTrue();
			assertThat(isOpen(probe)).isFalse();
		}
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = { "REFUSED", "UNAVAILABLE" })
	void opensWhenAProbeIsAnswered(AnswerClass answer) {
		hear(AnswerClass.REFUSED, NOW);
		Instant later = NOW.plusSeconds(60);
		WaitingPoll probe = poll(1);
		assertThat(probe.await(later)).isZero();
		assertThat(poll(1).await(later)).as("looks again soon").isEqualTo(Duration.ofSeconds(1));
		assertThat(probe.hear(answer(answer), later)).isTrue();
		assertThat(hear(answer, later)).isFalse();
		assertThat(isOpen(later.plusSeconds(2))).isTrue();
	}

	@Test
	void staysClosedWhileProbesBringNoAnswer() {
		hear(AnswerClass.REFUSED, NOW);
		WaitingPoll probe = poll(1);
		assertThat(probe.await(NOW.plusSeconds(60))).isZero();
		assertThat(probe.hear(answer(AnswerClass.UNAVAILABLE), NOW.plusSeconds(60))).isFalse();
		assertThat(isOpen(NOW.plusSeconds(119))).isFalse();
		assertThat(isOpen(NOW.plusSeconds(120))).isTrue();
	}

	@Test
	void pausesAsLongAsAThrottlingProviderAsks() {
		throttle(NOW, Duration.ofSeconds(30));
		assertThat(isOpen(NOW.plusSeconds(29))).isFalse();
		assertThat(this.gate.pause(NOW.plusSeconds(29)))
			.hasValue(new Pause(AnswerClass.THROTTLED, null, NOW.plusSeconds(30)));
		assertThat(isOpen(NOW.plusSeconds(30))).isTrue();
		assertThat(this.gate.pause(NOW.plusSeconds(30))).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "PENDING", "SUCCEEDED", "NOT_FOUND", "UNAVAILABLE" })
	void keepsThePauseWhenAnEarlierPollIsAnsweredLate(AnswerClass late) {
		throttle(NOW, Duration.ofSeconds(30));
		hear(late, NOW.plusMillis(20));
		assertThat(isOpen(NOW.plusSeconds(1))).isFalse();
	}

	@Test
	void keepsTheLongerOfTwoPauses() {
		throttle(NOW, Duration.ofSeconds(30));
		throttle(NOW.plusMillis(20), Duration.ofSeconds(1));
		throttle(NOW.plusMillis(40), Duration.ZERO);
		assertThat(this.gate.pause(NOW.plusMillis(40)).orElseThrow().until()).isEqualTo(NOW.plusSeconds(30));
	}

	@Test
	void keepsThePauseOfAThrottlingProviderThatRefusedMeanwhile() {
		throttle(NOW, Duration.ofMinutes(5));
		hear(AnswerClass.REFUSED, NOW);
		hear(AnswerClass.PENDING, NOW);
		assertThat(isOpen(NOW.plusSeconds(299))).isFalse();
	}

	/** Polls that were under way are throttled as well. */
	@Test
	void halvesTheRateOfAThrottlingProviderAndGivesItBackSlowly() {
		for (int i = 0; i < 50; i++) {
			throttle(NOW.plusMillis(i), Duration.ZERO);
		}
		assertThat(this.gate.allowed(NOW.plusMillis(50))).isBetween(50.0, 51.0);
		assertThat(this.gate.allowed(NOW.plusSeconds(4))).isBetween(69.9, 70.1);
		throttle(NOW.plusSeconds(4), Duration.ZERO);
		assertThat(this.gate.allowed(NOW.plusSeconds(4))).isBetween(34.9, 35.1);
		assertThat(this.gate.allowed(NOW.plusSeconds(60))).isEqualTo(100);
	}

	@Test
	void neverCutsTheRateBelowOnePollAMinute() {
		ProviderGate throttled = gate("20/10s");
		Instant now = NOW;
		for (int i = 0; i < 1000; i++) {
			WaitingPoll poll = poll(throttled, 1);
			now = now.plus(poll.await(now));
			poll.hear(answer(AnswerClass.THROTTLED), now);
		}
		assertThat(throttled.allowed(now)).isBetween(1 / 6.0, 20.0);
	}

	@Test
	void closesWhenSeveralJobsInARowGetNoAnswer() {
		for (int job = 1; job < ProviderGate.SILENT_JOBS; job++) {
			assertThat(hear(AnswerClass.UNAVAILABLE, NOW)).isFalse();
		}
		assertThat(isOpen(NOW)).isTrue();
		assertThat(hear(AnswerClass.UNAVAILABLE, NOW)).isTrue();
		assertThat(this.gate.pause(NOW)).hasValue(new Pause(AnswerClass.UNAVAILABLE, null, NOW.plusSeconds(1)));
		assertThat(isOpen(NOW.plusMillis(999))).isFalse();
	}

	@Test
	void staysOpenWhenOneJobNeverGetsAnAnswer() {
		WaitingPoll broken = poll(1);
		for (int i = 0; i < 1000; i++) {
			assertThat(broken.hear(answer(AnswerClass.UNAVAILABLE), NOW)).isFalse();
		}
		assertThat(isOpen(NOW)).isTrue();
	}

	@Test
	void staysOpenWhenOthersGetAnAnswerInBetween() {
		for (int i = 0; i < 1000; i++) {
			assertThat(hear((i % 4 == 0) ? AnswerClass.PENDING : AnswerClass.UNAVAILABLE, NOW)).isFalse();
		}
		assertThat(isOpen(NOW)).isTrue();
	}

	@Test
	void probesASilentProviderMoreAndMoreSeldomUntilItAnswers() {
		for (int job = 0; job < ProviderGate.SILENT_JOBS; job++) {
			hear(AnswerClass.UNAVAILABLE, NOW);
		}
		Instant now = NOW;
		for (int pause : new int[] { 1, 2, 4, 8, 16, 30, 30 }) {
			assertThat(isOpen(now.plusSeconds(pause).minusMillis(1))).isFalse();
			now = now.plusSeconds(pause);
			WaitingPoll probe = poll(1);
			assertThat(probe.await(now)).isZero();
			assertThat(isOpen(now)).as("while the probe is under way").isFalse();
			assertThat(hear(AnswerClass.UNAVAILABLE, now)).as("an earlier poll breaks off").isFalse();
			assertThat(probe.hear(answer(AnswerClass.UNAVAILABLE), now)).isFalse();
		}
		WaitingPoll probe = poll(1);
		assertThat(probe.await(now.plusSeconds(30))).isZero();
		assertThat(probe.hear(answer(AnswerClass.PENDING), now.plusSeconds(30))).isTrue();
		assertThat(isOpen(now.plusSeconds(30))).isTrue();
	}

	@Test
	void probesAgainWhenAProbeBreaksOff() {
		hear(AnswerClass.REFUSED, NOW);
		WaitingPoll probe = poll(1);
		assertThat(probe.await(NOW.plusSeconds(60))).isZero();
		probe.end(NOW.plusSeconds(61));
		assertThat(isOpen(NOW.plusSeconds(120))).isTrue();
	}

	@Test
	void letsTheJobThroughFirstWhosePollIsWorthMost() {
		ProviderGate narrow = gate("1/10s");
		ask(poll(narrow, 1), NOW);
		WaitingPoll little = poll(narrow, 1);
		WaitingPoll much = poll(narrow, 2);
		Instant free = NOW.plusSeconds(10);
		assertThat(little.await(free.minusSeconds(3))).isEqualTo(Duration.ofSeconds(3));
		assertThat(much.await(free.minusSeconds(3))).isEqualTo(Duration.ofSeconds(3));
		assertThat(little.await(free)).isPositive();
		assertThat(much.await(free)).isZero();
	}

	@Test
	void keepsNoPlaceForAJobThatIsOver() {
		ProviderGate narrow = gate("1/10s");
		ask(poll(narrow, 1), NOW);
		WaitingPoll over = poll(narrow, 2);
		over.await(NOW);
		over.end(NOW);
		assertThat(poll(narrow, 1).await(NOW.plusSeconds(10))).isZero();
	}

	@Test
	void asksNothingWithoutAShareAndLooksAgainSoon() {
		int[] share = { 0 };
		ProviderGate shared = new ProviderGate(ProviderSettings.of(), RateLimit.of("20/10s"), Instant.EPOCH,
				(now) -> share[0]);
		WaitingPoll waiting = poll(shared, 1);
		assertThat(waiting.await(NOW)).isEqualTo(Duration.ofSeconds(1));
		assertThat(shared.wants(NOW)).isEqualTo(1);
		share[0] = 1;
		assertThat(waiting.await(NOW.plusSeconds(1))).isZero();
	}

	@Test
	void wantsWhatItSendsAndWhatWaits() {
		ProviderGate narrow = gate("2/10s");
		for (int i = 0; i < 7; i++) {
			poll(narrow, 1).await(NOW);
		}
		assertThat(narrow.wants(NOW)).isEqualTo(7);
		poll(narrow, 1).hear(answer(AnswerClass.REFUSED), NOW);
		assertThat(narrow.wants(NOW)).as("for the probe").isEqualTo(1);
	}

	@Test
	void sendsAtOnceWhatThePeriodHasRoomForAndSpreadsWhatIsMore() {
		ProviderGate gate = gate("20/10s");
		List<WaitingPoll> polls = Stream.generate(() -> poll(gate, 1)).limit(50).toList();
		polls.forEach((poll) -> {
			if (poll.await(NOW).isZero()) {
				poll.hear(answer(AnswerClass.PENDING), NOW);
			}
		});
		assertThat(gate.used(NOW)).isEqualTo(20);
		Instant free = NOW.plusSeconds(10);
		polls.subList(20, 50).forEach((poll) -> poll.await(free));
		assertThat(gate.used(free)).as("made up for, a tenth of a period").isEqualTo(3);
		polls.subList(23, 50).forEach((poll) -> poll.await(free.plusMillis(500)));
		assertThat(gate.used(free.plusMillis(500))).isEqualTo(4);
	}

	private static ProviderGate gate(String limit) {
		return new ProviderGate(ProviderSettings.of(), RateLimit.of(limit), Instant.EPOCH,
				(now) -> RateLimit.of(limit).requests());
	}

	private WaitingPoll poll(double worth) {
		return poll(this.gate, worth);
	}

	private static WaitingPoll poll(ProviderGate gate, double worth) {
		return new WaitingPoll(gate, (now) -> worth);
	}

	/** Whether a poll of a new job gets through, which is not answered yet. */
	private boolean isOpen(Instant now) {
		return poll(1).await(now).isZero();
	}

	private static void ask(WaitingPoll poll, Instant now) {
		assertThat(poll.await(now)).isZero();
		poll.hear(answer(AnswerClass.PENDING), now);
	}

	/** A new job gets an answer to an earlier poll. */
	private boolean hear(AnswerClass type, Instant now) {
		return poll(1).hear(answer(type), now);
	}

	private static Answer answer(AnswerClass type) {
		return Answer.of(type, null, Duration.ZERO);
	}

	private void throttle(Instant now, Duration retryAfter) {
		assertThat(poll(1).hear(Answer.of(AnswerClass.THROTTLED, null, retryAfter), now)).isFalse();
	}

}
