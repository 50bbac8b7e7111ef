package io.vedette.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.CancelCallback;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DeliverCallback;
import com.rabbitmq.client.MessageProperties;
import io.vedette.packaged.Load;

/**
 * Publishes each event to a queue at the RabbitMQ of this machine and waits until it is
 * confirmed; the queue is durable, and deleted in the end.
 */
final class RabbitMqClient implements BareClient {

	private final String queue = "vedette-benchmark-" + Long.toString(System.nanoTime(), 36);

	private final LongAdder arrived = new LongAdder();

	private final BlockingQueue<Channel> channels = new LinkedBlockingQueue<>();

	private final Connection connection;

	private long expected;

	/**
	 * @param channels how many messages are under way at a time
	 */
	RabbitMqClient(int channels) throws IOException, TimeoutException {
		this.connection = new ConnectionFactory().newConnection(this.queue);
		Channel receiver = this.connection.createChannel();
		receiver.queueDeclare(this.queue, true, false, false, null);
		DeliverCallback count = (tag, message) -> this.arrived.increment();
		CancelCallback nothing = (tag) -> {
		};
		receiver.basicConsume(this.queue, true, count, nothing);
		for (int i = 0; i < channels; i++) {
			Channel channel = this.connection.createChannel();
			channel.confirmSelect();
			this.channels.add(channel);
		}
	}

	/** Whether this machine has a broker. */
	/** The target's URI. */
	String uri() {
		return "spring-rabbitmq:default?routingKey=" + this.queue;
	}

	@Override
	public String target() {
		return "rabbitmq";
	}

	@Override
	public void send(String id, String file, String body) throws Exception {
		BasicProperties properties = MessageProperties.PERSISTENT_BASIC.builder()
			.messageId(id)
			.contentType("application/cloudevents+json")
			.build();
		Channel channel = this.channels.take();
		channel.basicPublish("", this.queue, properties, body.getBytes(StandardCharsets.UTF_8));
		channel.waitForConfirmsOrDie();
		this.channels.add(channel);
	}

	@Override
	public void expect(Load load) {
		this.expected = this.arrived.sum() + Race.eventCount(load);
	}

	@Override
	public boolean haveAllArrived() {
		return this.arrived.sum() >= this.expected;
	}

	@Override
	public void close() throws IOException, TimeoutException {
		try (Channel channel = this.connection.createChannel()) {
			channel.queueDelete(this.queue);
		}
		this.connection.close();
	}

}
