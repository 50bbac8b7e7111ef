package io.vedette.node;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.seda.BlockingQueueFactory;
import org.apache.camel.support.DefaultExchange;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * The queues of the routes. Camel's own look up ten times a second for each idle
 * consumer, or else hold up a stop for as long as one waits.
 */
@Component
class Queues implements BlockingQueueFactory<Exchange> {

	private final List<WakefulQueue> made = new CopyOnWriteArrayList<>();

	private final CamelContext camel;

	Queues(CamelContext camel) {
		this.camel = camel;
	}

	@Override
	public BlockingQueue<Exchange> create() {
		return create(Integer.MAX_VALUE);
	}

	@Override
	public BlockingQueue<Exchange> create(int capacity) {
		WakefulQueue queue = new WakefulQueue(capacity, new DefaultExchange(this.camel));
		this.made.add(queue);
		return queue;
	}

	/** Before Camel stops, which waits for one queue after the other. */
	@EventListener(ContextClosedEvent.class)
	@Order(Ordered.HIGHEST_PRECEDENCE)
	void wake() {
		this.made.forEach(WakefulQueue::wake);
	}

}
