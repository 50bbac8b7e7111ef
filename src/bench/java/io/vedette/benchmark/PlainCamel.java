package io.vedette.benchmark;

import java.io.IOException;
import java.util.function.IntToLongFunction;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * What a team writes that has Camel and no Vedette: a route that asks for a job in a loop
 * with a delay in it until the status is terminal. It keeps to no rate limit and stores
 * nothing.
 */
final class PlainCamel implements AutoCloseable {

	private final CamelContext camel = new DefaultCamelContext();

	private final ProducerTemplate jobs = this.camel.createProducerTemplate();

	/**
	 * Starts the route.
	 * @param delays milliseconds before a job's n-th poll, which is counted from 0
	 */
	PlainCamel(String baseUrl, String key, IntToLongFunction delays) throws Exception {
		this.camel.addRoutes(new RouteBuilder() {
			@Override
			public void configure() {
				from("seda:jobs").setVariable("jobId", body())
					.loopDoWhile(simple("${variable.status} !in 'succeeded,failed'"))
					.process((exchange) -> exchange.getMessage()
						.setHeader("wait",
								delays.applyAsLong(exchange.getProperty(Exchange.LOOP_INDEX, Integer.class))))
					.delay(header("wait"))
					.asyncDelayed()
					.removeHeaders("*")
					.setBody(constant(""))
					.setHeader("x-api-key", constant(key))
					.setHeader(Exchange.HTTP_QUERY, simple("detect_task_id=${variable.jobId}"))
					.to(baseUrl + "/api/v1/client/job/detect-face-result?httpMethod=GET")
					.unmarshal()
					.json(JsonNode.class)
					.setVariable("status", jq(".data.status", String.class))
					.end();
			}
		});
		this.camel.start();
	}

	void watch(String jobId) {
		this.jobs.sendBody("seda:jobs?waitForTaskToComplete=Never", jobId);
	}

	@Override
	public void close() throws IOException {
		this.jobs.close();
		this.camel.stop();
	}

}
