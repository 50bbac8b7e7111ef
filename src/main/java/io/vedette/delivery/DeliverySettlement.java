package io.vedette.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.vedette.job.Job;
import org.apache.camel.Body;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

import org.springframework.stereotype.Component;

/**
 * Writes down how attempts ended, a batch of one outcome at a time. Each method returns
 * what may be delivered now.
 */
@Component("deliverySettlement")
public class DeliverySettlement {

	private static final Logger logger = LoggerFactory.getLogger(DeliverySettlement.class);

	private final DeliveryStore deliveries;

	private final Attempts attempts;

	private final Forgetting forgetting;

	private final OperatorEvents operators;

	private final DeliveryMeters meters;

	DeliverySettlement(DeliveryStore deliveries, Attempts attempts, Forgetting forgetting, OperatorEvents operators,
			DeliveryMeters meters) {
		this.deliveries = deliveries;
		this.attempts = attempts;
		this.forgetting = forgetting;
		this.operators = operators;
		this.meters = meters;
	}

	/** The targets have these. */
	public List<Delivery> arrived(@Body List<Attempt> batch) {
		return settled(batch, this.deliveries.delivered(batch));
	}

	/** The targets have these events, and their pictures are next. */
	public List<Delivery> picture(@Body List<Attempt> batch) {
		this.meters.attempted(batch);
		return batch.stream().map(Attempt::delivery).toList();
	}

	/** These are tried again, each by whichever node comes first. */
	public List<Delivery> again(@Body List<Attempt> batch) {
		List<Delivery> next = settled(batch, this.deliveries.postpone(batch));
		batch.stream()
			.filter((attempt) -> attempt.delivery().attempts() == 0)
			.forEach((attempt) -> warn(attempt).log("{}: {}; tried again in {} s", attempt.delivery(), attempt.reason(),
					attempt.retryAfter().toSeconds()));
		return next;
	}

	/** These are dead letters until somebody replays them. */
	public List<Delivery> dead(@Body List<Attempt> batch) {
		List<Delivery> next = settled(batch, this.operators.dead(batch));
		batch.forEach((attempt) -> warn(attempt).log(
				"{}: dead after {} attempts: {}. Replay it with POST /deliveries/replay.", attempt.delivery(),
				attempt.delivery().attempts() + 1, attempt.reason()));
		return next;
	}

	private static LoggingEventBuilder warn(Attempt attempt) {
		Delivery delivery = attempt.delivery();
		LoggingEventBuilder entry = logger.atWarn().addKeyValue("vedette.target", delivery.target());
		return delivery.hasJob() ? entry.addKeyValue(Job.LOG_KEY, delivery.jobName()) : entry;
	}

	/** These go back to their rows untried, and the jobs' events with their faces. */
	public List<Delivery> handedBack(@Body List<Attempt> batch) {
		List<Attempt> all = new ArrayList<>(batch);
		followers(batch).forEach((follower) -> follower.dismiss().map(this.attempts::handBack).ifPresent(all::add));
		this.deliveries.handBack(all);
		this.meters.attempted(batch);
		batch.forEach((attempt) -> this.attempts.ended(attempt.delivery()));
		return List.of();
	}

	private List<Delivery> settled(List<Attempt> batch, int written) {
		this.meters.attempted(batch);
		batch.forEach((attempt) -> this.attempts.ended(attempt.delivery()));
		if (written < batch.size()) {
			batch.stream()
				.map(Attempt::delivery)
				.filter(this.forgetting::sweep)
				.filter((delivery) -> delivery.follower() != null)
				.forEach((delivery) -> delivery.follower().dismiss());
		}
		return followers(batch).stream().map(Follower::oneLess).flatMap(Optional::stream).toList();
	}

	private static List<Follower> followers(List<Attempt> batch) {
		return batch.stream()
			.map((attempt) -> attempt.delivery().follower())
			.filter((follower) -> follower != null)
			.toList();
	}

}
