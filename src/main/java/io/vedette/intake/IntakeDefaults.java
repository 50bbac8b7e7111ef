package io.vedette.intake;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import io.vedette.config.EndpointCheck;
import io.vedette.config.VedetteProperties;
import io.vedette.node.Node;
import io.vedette.schedule.SteadyClock;
import org.apache.camel.CamelContext;
import org.apache.camel.Expression;
import org.apache.camel.component.file.strategy.GenericFileExpressionRenamer;

import org.springframework.amqp.ImmediateRequeueAmqpException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.retry.interceptor.RetryOperationsInterceptor;
import org.springframework.retry.policy.NeverRetryPolicy;
import org.springframework.retry.support.RetryTemplate;
import org.springframework.stereotype.Component;

/**
 * What an intake's URI says where the operator left it out: with these options a message
 * is acknowledged once its jobs are stored, stays with its broker while they can't be,
 * and is never answered to an address that its sender chose. Camel's own defaults lose
 * messages with each of these components; what they do is in {@code docs/buses.md}.
 */
@Component
class IntakeDefaults {

	/**
	 * What a directory is read with, beside what {@link #files} adds: not a file under
	 * the name that uploads and programs give to what they have not finished.
	 */
	private static final Map<String, Object> FILES = Map.of("exclude",
			"(?i).*[.](tmp|part|filepart|swp|crdownload|uploading)|~[$].*|.*~", "delay", "500", "maxMessagesPerPoll",
			"100", "sortBy", "file:modified");

	/** What decides otherwise about the files that were taken, or are taken now. */
	private static final Set<String> OWN_WAYS = Set.of("move", "delete", "noop", "preMove", "readLock",
			"processStrategy");

	/** By itself the listener acknowledges before the route has run. */
	private static final Map<String, Object> JMS = Map.of("messageConverter", "#jmsText", "acknowledgementModeName",
			"CLIENT_ACKNOWLEDGE", "disableReplyTo", "true");

	/**
	 * By itself it drops a message whose route failed five times, and declares queues
	 * that a restart of their broker empties.
	 */
	private static final Map<String, Object> RABBITMQ = Map.of("retry", "#requeue", "messageConverter",
			"#rabbitMqMessages", "disableReplyTo", "true", "arg.queue.durable", "true");

	/**
	 * By itself it commits what it has fetched, taken or not, steps over what failed, and
	 * is of a new group at every start.
	 */
	private static final Map<String, Object> KAFKA = Map.of("groupId", "vedette", "autoOffsetReset", "earliest",
			"autoCommitEnable", "false", "allowManualCommit", "true", "kafkaManualCommitFactory",
			"#class:org.apache.camel.component.kafka.consumer.DefaultKafkaManualCommitFactory", "breakOnFirstError",
			"true", "pollOnError", "RECONNECT", "valueDeserializer",
			"org.apache.kafka.common.serialization.ByteArrayDeserializer");

	private final Node node;

	private final SteadyClock clock;

	IntakeDefaults(Node node, SteadyClock clock) {
		this.node = node;
		this.clock = clock;
	}

	Map<String, Object> of(CamelContext camel, String intake, VedetteProperties.Intake settings) {
		String uri = settings.uri();
		return switch (EndpointCheck.scheme(uri)) {
			case "file" -> files(camel, intake, settings);
			case "jms", "amqp", "activemq", "activemq6" -> JMS;
			case "spring-rabbitmq" -> RABBITMQ;
			case "kafka" -> KAFKA;
			case "paho-mqtt5" -> mqtt(intake);
			default -> Map.of();
		};
	}

	/** The route says where a file goes, unless the URI has its own way with files. */
	private Map<String, Object> files(CamelContext camel, String intake, VedetteProperties.Intake settings) {
		Expression place = camel.resolveLanguage("simple").createExpression("${variable.moveTo}");
		Settling settling = new Settling(intake, settings.settleTime(), this.clock);
		String settled = "settled-files-" + intake;
		String oddNames = "odd-names-" + intake;
		camel.getRegistry().bind(settled, new SettledFiles(settling, new GenericFileExpressionRenamer<>(place)));
		camel.getRegistry().bind(oddNames, new OddNames(settling));
		Map<String, Object> options = new HashMap<>(FILES);
		options.put("filter", "#" + settled);
		options.put("pollStrategy", "#" + oddNames);
		if (EndpointCheck.options(settings.uri()).stream().noneMatch(OWN_WAYS::contains)) {
			options.put("processStrategy", "#" + settled);
		}
		else {
			options.put("move", "${variable.moveTo}");
		}
		return options;
	}

	/**
	 * By itself its session, and what the broker keeps for it, ends with the connection,
	 * and a message counts as taken also when its route failed.
	 */
	private Map<String, Object> mqtt(String intake) {
		return Map.of("qos", "1", "manualAcksEnabled", "true", "cleanStart", "false", "sessionExpiryInterval",
				"4294967295", "clientId", "vedette-%s-%s".formatted(this.node.name(), intake));
	}

	/** Gives RabbitMQ a message back whose route failed, as it does on a stop. */
	@Bean
	@Lazy
	static RetryOperationsInterceptor requeue() {
		RetryTemplate once = new RetryTemplate();
		once.setRetryPolicy(new NeverRetryPolicy());
		RetryOperationsInterceptor interceptor = new RetryOperationsInterceptor();
		interceptor.setRetryOperations(once);
		interceptor.setRecoverer((args, cause) -> {
			throw new ImmediateRequeueAmqpException("message given back", cause);
		});
		return interceptor;
	}

}
