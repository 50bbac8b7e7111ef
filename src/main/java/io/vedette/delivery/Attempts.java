package io.vedette.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

import io.vedette.config.VedetteProperties;
import io.vedette.http.RetryAfter;
import io.vedette.job.Shift;
import org.apache.camel.Body;
import org.apache.camel.CamelException;
import org.apache.camel.ExchangeException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/** What becomes of a delivery after an attempt. */
@Component("attempts")
public class Attempts {

	private static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(1);

	/** Deliveries that failed together come back up to this share of their wait apart. */
	private static final double SPREAD = 0.1;

	private static final int LONGEST_REASON = 500;

	private static final Pattern URL_PATH = Pattern.compile("(https?://[^/\\s\"'@]+)[^\\s\"']*");

	private static final Logger logger = LoggerFactory.getLogger(Attempts.class);

	private final DeliveryStore deliveries;

	private final Forgetting forgetting;

	private final Targets targets;

	private final Shift shift;

	private final Clock clock;

	Attempts(DeliveryStore deliveries, Forgetting forgetting, Targets targets, Shift shift, Clock clock) {
		this.deliveries = deliveries;
		this.forgetting = forgetting;
		this.targets = targets;
		this.shift = shift;
		this.clock = clock;
	}

	/** That the target has it; {@code note} says what is missing all the same. */
	public Receipt receipt(@Variable("delivery") Delivery delivery, @Variable("note") String note) {
		return new Receipt(delivery, note);
	}

	/** Writes down that the targets have these. */
	public void delivered(@Body List<Receipt> receipts) {
		this.deliveries.delivered(receipts).forEach(this.forgetting::sweep);
	}

	/** Whether the attempt failed while this node stops, and maybe only for that. */
	public boolean interrupted() {
		return this.shift.isOver();
	}

	/** Gives a delivery back as if it had not been tried. */
	public void handBack(@Variable("delivery") Delivery delivery) {
		this.deliveries.release(delivery);
	}

	/** Whether the attempt just made was the last one of the target's retry schedule. */
	public boolean exhausted(@Variable("delivery") Delivery delivery) {
		return delivery.attempts() >= retry(delivery).size();
	}

	/**
	 * Tries again after the next wait of the target's retry schedule, or later if the
	 * target asks for it.
	 */
	public void postpone(@Variable("delivery") Delivery delivery, @Variable("reason") String reason,
			@Variable("retryAfter") String retryAfter) {
		Instant now = this.clock.instant();
		Duration wait = retry(delivery).get(delivery.attempts());
		wait = wait.plusMillis((long) (wait.toMillis() * SPREAD * ThreadLocalRandom.current().nextDouble()));
		Duration asked = RetryAfter.parse(retryAfter, now, LONGEST_RETRY_AFTER);
		wait = (wait.compareTo(asked) < 0) ? asked : wait;
		if (!this.deliveries.postpone(delivery, now.plus(wait), reason)) {
			this.forgetting.sweep(delivery);
		}
		else if (delivery.attempts() == 0) {
			logger.warn("{}: {}; tried again in {} s", delivery, reason, wait.toSeconds());
		}
	}

	/** Ends the delivery: it waits as a dead letter until somebody replays it. */
	public void dead(@Variable("delivery") Delivery delivery, @Variable("reason") String reason) {
		if (!this.deliveries.dead(delivery, reason)) {
			this.forgetting.sweep(delivery);
			return;
		}
		logger.warn("{}: dead after {} attempts: {}. Replay it with POST /deliveries/replay.", delivery,
				delivery.attempts() + 1, reason);
	}

	/** Says why an attempt failed; of a URL no more than its host. */
	public String describe(@ExchangeException Exception exception) {
		Throwable cause = exception;
		while (cause.getCause() != null
				&& (cause instanceof CamelException || cause instanceof RuntimeCamelException)) {
			cause = cause.getCause();
		}
		logger.debug("attempt failed", exception);
		String message = (cause.getMessage() != null) ? URL_PATH.matcher(cause.getMessage()).replaceAll("$1") : "";
		return "%s: %s".formatted(cause.getClass().getSimpleName(),
				message.substring(0, Math.min(message.length(), LONGEST_REASON)));
	}

	private List<Duration> retry(Delivery delivery) {
		return this.targets.find(delivery.target()).map(VedetteProperties.Target::retry).orElse(List.of());
	}

}
