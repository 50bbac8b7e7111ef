package io.vedette.delivery;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vedette.job.Job;
import io.vedette.job.ProviderTurn;
import io.vedette.job.Unconfirmed;
import io.vedette.node.Node;
import io.vedette.provider.AccountName;
import io.vedette.provider.Reason;
import org.apache.camel.Body;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Tells operators what happened, by CloudEvents that only targets get whose
 * {@code events} name the type. They have no job; else they are delivered as all events
 * are.
 */
@Component("operatorEvents")
public class OperatorEvents {

	private static final String TARGET_PAUSED = "vedette.target.paused";

	private static final String TARGET_RESUMED = "vedette.target.resumed";

	private static final String PROVIDER_REFUSED = "vedette.provider.refused";

	private static final String PROVIDER_RESTORED = "vedette.provider.restored";

	private static final String DELIVERY_DEAD = "vedette.delivery.dead";

	private static final String NODE_LOST = "vedette.node.lost";

	private static final String UNCONFIRMED = "vedette.submit.unconfirmed";

	/** All types. */
	public static final List<String> TYPES = List.of(TARGET_PAUSED, TARGET_RESUMED, PROVIDER_REFUSED, PROVIDER_RESTORED,
			DELIVERY_DEAD, NODE_LOST, UNCONFIRMED);

	private static final Logger logger = LoggerFactory.getLogger(OperatorEvents.class);

	private final Set<AccountName> refusing = ConcurrentHashMap.newKeySet();

	private final DeliveryStore deliveries;

	private final Targets targets;

	private final Node node;

	private final Events events;

	private final ProducerTemplate camel;

	private final Clock clock;

	OperatorEvents(DeliveryStore deliveries, Targets targets, Node node, Events events, ProducerTemplate camel,
			Clock clock) {
		this.deliveries = deliveries;
		this.targets = targets;
		this.node = node;
		this.events = events;
		this.camel = camel;
		this.clock = clock;
	}

	/** What operators are told. */
	record News(String type, String subject, ObjectNode data, Instant time) {

		/**
		 * Whether it says how a target is: the target itself would not hear it in time.
		 */
		boolean isAboutTarget(String target) {
			return Set.of(TARGET_PAUSED, TARGET_RESUMED).contains(this.type) && this.subject.equals(target);
		}

	}

	/** A target has failed in a row. */
	void paused(String target, String reason) {
		tell(news(TARGET_PAUSED, target, data("target", target).put("reason", reason)));
	}

	/** It works again. */
	void resumed(String target) {
		tell(news(TARGET_RESUMED, target, data("target", target)));
	}

	/** A provider refuses the key or the quota, or does so no longer. */
	@EventListener
	void turned(ProviderTurn turn) {
		if (turn.refusal() != null) {
			this.refusing.add(turn.account());
			ObjectNode data = data(turn.account());
			Reason reason = turn.refusal();
			data.putObject("reason").put("code", reason.code()).put("message", reason.message());
			tell(news(PROVIDER_REFUSED, turn.account().provider(), data));
		}
		else if (this.refusing.remove(turn.account())) {
			tell(news(PROVIDER_RESTORED, turn.account().provider(), data(turn.account())));
		}
	}

	/** Nobody knows whether a job was submitted: part of the transaction that says so. */
	@EventListener
	void unconfirmed(Unconfirmed sent) {
		Job job = sent.job();
		ObjectNode data = data("provider", job.provider()).put("requestId", job.requestId())
			.put("reference", job.reference())
			.put("sentAt", sent.sentAt().toString());
		data.putObject("reason").put("code", sent.reason().code()).put("message", sent.reason().message());
		store(news(UNCONFIRMED, job.provider() + "/request/" + job.requestId(), data));
	}

	/**
	 * Ends deliveries as dead letters, and says so unless they are news themselves: news
	 * of news would never end.
	 * @return how many of them were still this node's
	 */
	@Transactional
	int dead(List<Attempt> batch) {
		List<Attempt> dead = this.deliveries.dead(batch);
		dead.stream().filter((attempt) -> !TYPES.contains(attempt.delivery().event().type())).forEach((attempt) -> {
			Delivery delivery = attempt.delivery();
			ObjectNode data = data("target", delivery.target()).put("deliveries", 1).put("reason", attempt.reason());
			data.putObject("delivery")
				.put("id", delivery.id())
				.put("provider", delivery.provider())
				.put("jobId", delivery.jobId())
				.put("event", delivery.event().eventId())
				.put("attempts", delivery.attempts() + 1);
			store(news(DELIVERY_DEAD, delivery.target(), data));
		});
		return dead.size();
	}

	/**
	 * The same for those that have waited in vain for a paused target, all at once.
	 * @see DeliveryStore#expire
	 */
	@Transactional
	int expire(String target, int attempts, Instant moment) {
		int dead = this.deliveries.expire(target, attempts, moment);
		if (dead > 0) {
			store(news(DELIVERY_DEAD, target, data("target", target).put("deliveries", dead)
				.put("reason", "expired while the target was paused")));
		}
		return dead;
	}

	/** Says which nodes are lost that nobody has spoken of yet. */
	@Transactional
	public void lostNodes() {
		this.node.newlyLost().forEach((name) -> {
			logger.warn("node {}: silent for longer than its lease; the others do its work", name);
			store(news(NODE_LOST, name, data("node", name)));
		});
	}

	private static ObjectNode data(AccountName account) {
		ObjectNode data = data("provider", account.provider());
		return account.isDefault() ? data : data.put("account", account.name());
	}

	private static ObjectNode data(String name, String value) {
		return JsonNodeFactory.instance.objectNode().put(name, value);
	}

	private News news(String type, String subject, ObjectNode data) {
		return new News(type, subject, data, this.clock.instant());
	}

	/** On a thread of its own: whoever noticed has other things to do. */
	private void tell(News news) {
		try {
			this.camel.sendBody("seda:tell-operators", news);
		}
		catch (CamelExecutionException ex) {
			logger.warn("{} of {}: operators are not told, too much of it waits for the database", news.type(),
					news.subject());
		}
	}

	/** Stores an event for the targets that ask for it. */
	@Transactional
	public void store(@Body News news) {
		List<String> listeners = this.targets.names()
			.stream()
			.filter((target) -> this.targets.eventsOf(target).contains(news.type()))
			.filter((target) -> !news.isAboutTarget(target))
			.toList();
		if (listeners.isEmpty()) {
			return;
		}
		String name = news.type().substring("vedette.".length()).replace('.', '-') + "-" + UUID.randomUUID();
		Event event = this.events.event("operator:" + name, news.type(), "/nodes/" + this.node.name(), news.subject(),
				news.time(), name, null, null, news.data());
		this.deliveries.add(event, listeners);
	}

}
