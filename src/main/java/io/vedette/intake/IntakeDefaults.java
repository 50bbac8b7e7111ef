package io.vedette.intake;

import java.util.Map;

import io.vedette.config.EndpointCheck;
import io.vedette.node.Node;

import org.springframework.amqp.ImmediateRequeueAmqpException;
import org.springframework.context.annotation.Bean;
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
	 * What a directory is read with. A file is taken once it has been left alone for a
	 * second, and not while it bears the name of an upload under way; where it goes
	 * afterwards is decided by the route.
	 */
	private static final Map<String, Object> FILES = Map.of("move", "${variable.moveTo}", "readLock", "changed",
			"readLockMinAge", "1000", "readLockMinLength", "0", "readLockLoggingLevel", "OFF", "exclude",
			"(?i).*[.](tmp|part|filepart|swp)", "delay", "500", "maxMessagesPerPoll", "100", "sortBy", "file:modified");

	/** By itself the listener acknowledges before the route has run. */
	private static final Map<String, Object> JMS = Map.of("messageConverter", "#jmsText", "acknowledgementModeName",
			"CLIENT_ACKNOWLEDGE", "disableReplyTo", "true");

	/** By itself it drops a message whose route failed five times. */
	private static final Map<String, Object> RABBITMQ = Map.of("retry", "#requeue", "messageConverter",
			"#rabbitMqMessages", "disableReplyTo", "true");

	/**
	 * By itself it commits what it has fetched, taken or not, steps over what failed, and
	 * is of a new group at every start.
	 */
	private static final Map<String, Object> KAFKA = Map.of("groupId", "vedette", "autoOffsetReset", "earliest",
			"autoCommitEnable", "false", "allowManualCommit", "true", "kafkaManualCommitFactory",
			"#class:org.apache.camel.component.kafka.consumer.DefaultKafkaManualCommitFactory", "breakOnFirstError",
			"true", "pollOnError", "RECONNECT");

	private final Node node;

	IntakeDefaults(Node node) {
		this.node = node;
	}

	Map<String, Object> of(String intake, String uri) {
		return switch (EndpointCheck.scheme(uri)) {
			case "file" -> FILES;
			case "jms", "amqp", "activemq", "activemq6" -> JMS;
			case "spring-rabbitmq" -> RABBITMQ;
			case "kafka" -> KAFKA;
			case "paho-mqtt5" -> mqtt(intake);
			default -> Map.of();
		};
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
