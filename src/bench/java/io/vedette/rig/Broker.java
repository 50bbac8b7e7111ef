package io.vedette.rig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.CancelCallback;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DeliverCallback;
import com.rabbitmq.client.MessageProperties;

/**
 * An exchange and two queues of this run at the RabbitMQ of this machine, jobs in and
 * events out; deleted when it is closed.
 */
final class Broker implements AutoCloseable {

	private final Connection connection;

	private final Channel jobs;

	private final Channel events;

	private final String name;

	Broker(String name, Received received) throws IOException, TimeoutException {
		this.name = name;
		this.connection = new ConnectionFactory().newConnection(name);
		this.jobs = this.connection.createChannel();
		this.events = this.connection.createChannel();
		this.jobs.confirmSelect();
		this.jobs.exchangeDeclare(name, "direct", true);
		for (String queue : List.of("jobs", "events")) {
			this.jobs.queueDeclare(queue(queue), true, false, false, null);
			this.jobs.queueBind(queue(queue), name, queue);
		}
		DeliverCallback take = (tag, message) -> take(received, message.getProperties(), message.getBody());
		CancelCallback nothing = (tag) -> {
		};
		this.events.basicConsume(queue("events"), true, take, nothing);
	}

	String intakeUri() {
		return "spring-rabbitmq:%s?queues=%s&routingKey=jobs&autoDeclare=false".formatted(this.name, queue("jobs"));
	}

	String targetUri() {
		return "spring-rabbitmq:%s?routingKey=events".formatted(this.name);
	}

	/** Puts job requests into the queue; returns once the broker has them. */
	void publish(String requests) throws IOException, InterruptedException {
		synchronized (this.jobs) {
			this.jobs.basicPublish(this.name, "jobs", MessageProperties.PERSISTENT_BASIC,
					requests.getBytes(StandardCharsets.UTF_8));
			this.jobs.waitForConfirms();
		}
	}

	/** Messages with job requests that nobody has taken yet. */
	long waiting() throws IOException {
		synchronized (this.jobs) {
			return this.jobs.messageCount(queue("jobs"));
		}
	}

	/** Messages with events that are still under way to here. */
	long underWay() throws IOException {
		synchronized (this.jobs) {
			return this.jobs.messageCount(queue("events"));
		}
	}

	private static void take(Received received, BasicProperties properties, byte[] body) {
		received.take(String.valueOf(properties.getMessageId()), body);
	}

	private String queue(String end) {
		return this.name + "-" + end;
	}

	@Override
	public void close() throws IOException {
		this.jobs.queueDelete(queue("jobs"));
		this.jobs.queueDelete(queue("events"));
		this.jobs.exchangeDelete(this.name);
		this.connection.close();
	}

}
