package io.vedette.node;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class WakefulQueueTest {

	private static final int CONSUMERS = 4;

	private final DefaultCamelContext camel = new DefaultCamelContext();

	private final Queues queues = new Queues(this.camel);

	private final WakefulQueue queue = (WakefulQueue) this.queues.create(CONSUMERS);

	private final ExecutorService threads = Executors.newFixedThreadPool(CONSUMERS);

	@AfterEach
	void end() {
		this.threads.shutdownNow();
	}

	@Test
	void handsOutWhatComesWhileAConsumerWaits() throws Exception {
		List<Future<Exchange>> consumers = consumers();
		Exchange one = new DefaultExchange(this.camel);
		assertThat(this.queue.offer(one)).isTrue();
		await().until(() -> consumers.stream().filter(Future::isDone).count() == 1);
		assertThat(consumers.stream().filter(Future::isDone).findFirst().orElseThrow().get()).isSameAs(one);
		assertThat(this.queue).isEmpty();
	}

	@Test
	void letsEachWaitingConsumerGoOnceVedetteStops() {
		List<Future<Exchange>> consumers = consumers();
		this.queues.wake();
		await().atMost(Duration.ofSeconds(3)).untilAsserted(() -> assertThat(consumers).allMatch(Future::isDone));
		assertThat(consumers).allSatisfy((consumer) -> assertThat(consumer.get()).isNull());
	}

	/** As consumers do while a route stops. */
	@Test
	void letsEachGoAlthoughOthersAskAgainAndAgain() {
		List<Future<Exchange>> consumers = consumers();
		Thread greedy = new Thread(() -> {
			while (!Thread.interrupted()) {
				try {
					this.queue.poll(0, TimeUnit.MILLISECONDS);
				}
				catch (InterruptedException ex) {
					return;
				}
			}
		});
		greedy.start();
		this.queues.wake();
		await().atMost(Duration.ofSeconds(3)).untilAsserted(() -> assertThat(consumers).allMatch(Future::isDone));
		greedy.interrupt();
	}

	/** As a route that stops does. */
	@RepeatedTest(10)
	void letsEachGoAlthoughTheQueueIsPurged() {
		List<Future<Exchange>> consumers = consumers();
		this.queues.wake();
		for (int times = 0; times < 1000; times++) {
			this.queue.clear();
		}
		await().atMost(Duration.ofSeconds(3)).untilAsserted(() -> assertThat(consumers).allMatch(Future::isDone));
	}

	@Test
	void keepsNobodyWaitingOnceVedetteStops() {
		this.queues.wake();
		List<Future<Exchange>> late = Stream.generate(this::consumer).limit(CONSUMERS).toList();
		await().atMost(Duration.ofSeconds(3)).untilAsserted(() -> assertThat(late).allMatch(Future::isDone));
	}

	@Test
	void handsOutWhatIsLeftWhenVedetteStops() throws Exception {
		Exchange left = new DefaultExchange(this.camel);
		this.queue.add(left);
		this.queues.wake();
		assertThat(this.queue.poll(1, TimeUnit.MILLISECONDS)).isSameAs(left);
		assertThat(this.queue.poll(1, TimeUnit.MILLISECONDS)).isNull();
	}

	/** A stop would wait for it. */
	@RepeatedTest(10)
	void countsNothingThatOnlyWakes() {
		List<Future<Exchange>> consumers = consumers();
		this.queues.wake();
		while (!consumers.stream().allMatch(Future::isDone)) {
			assertThat(this.queue).hasSize(0).isEmpty();
		}
		this.queue.add(new DefaultExchange(this.camel));
		assertThat(this.queue).hasSize(1);
	}

	/** All of them wait longer than they ask for. */
	private List<Future<Exchange>> consumers() {
		List<Future<Exchange>> consumers = Stream.generate(this::consumer).limit(CONSUMERS).toList();
		await().pollDelay(Duration.ofMillis(100)).until(() -> consumers.stream().noneMatch(Future::isDone));
		return consumers;
	}

	private Future<Exchange> consumer() {
		Callable<Exchange> poll = () -> this.queue.poll(1, TimeUnit.MILLISECONDS);
		return this.threads.submit(poll);
	}

}
