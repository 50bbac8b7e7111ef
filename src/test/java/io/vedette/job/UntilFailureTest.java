package io.vedette.job;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.apache.camel.CamelExecutionException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class UntilFailureTest {

	private final List<Integer> taken = new ArrayList<>();

	private final List<Integer> handedOn = new ArrayList<>();

	@Test
	void handsOnWhatWasTakenBeforeAFailureAndTakesNothingBehindIt() throws Exception {
		try (DefaultCamelContext camel = new DefaultCamelContext()) {
			camel.addRoutes(new RouteBuilder() {
				@Override
				public void configure() {
					from("direct:split").errorHandler(noErrorHandler())
						.split(body())
						.streaming()
						.process((exchange) -> UntilFailureTest.this.handedOn
							.add(exchange.getMessage().getBody(Integer.class)));
				}
			});
			camel.start();
			Stream<Integer> items = Stream.iterate(1, (item) -> item + 1).limit(9).map(this::take);
			assertThatExceptionOfType(CamelExecutionException.class).isThrownBy(
					() -> camel.createProducerTemplate().sendBody("direct:split", new UntilFailure<>(items.iterator())))
				.withStackTraceContaining("the fourth");
		}
		assertThat(this.taken).containsExactly(1, 2, 3);
		assertThat(this.handedOn).containsExactly(1, 2, 3);
	}

	private int take(int item) {
		if (item == 4) {
			throw new IllegalStateException("the fourth");
		}
		this.taken.add(item);
		return item;
	}

}
