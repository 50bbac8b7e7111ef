package io.vedette.benchmark;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Scanner;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;

/** With plain Camel, in memory: a loop with a delay, a splitter, a queue, a post. */
class CamelPeer implements ApplicationRunner {

	/** Root of the API, key, URL of the webhook. */
	@Override
	public void run(ApplicationArguments arguments) throws Exception {
		List<String> values = arguments.getNonOptionArgs();
		PeerClient client = new PeerClient(values.get(0), values.get(1), values.get(2));
		CamelContext camel = new DefaultCamelContext();
		camel.addRoutes(new RouteBuilder() {
			@Override
			public void configure() {
				from("seda:jobs?size=100000").setVariable("jobId", body())
					.setVariable("pending", constant(true))
					.loopDoWhile(variable("pending"))
					.removeHeaders("*")
					.setBody(constant(""))
					.setHeader("x-api-key", constant(values.get(1)))
					.setHeader(Exchange.HTTP_QUERY, simple("detect_task_id=${variable.jobId}"))
					.to(values.get(0) + "/api/v1/client/job/detect-face-result?httpMethod=GET&connectionsPerRoute=64")
					.unmarshal()
					.json(JsonNode.class)
					.process((exchange) -> exchange.setVariable("pending",
							PeerClient.isPending(exchange.getMessage().getBody(JsonNode.class))))
					.filter(variable("pending"))
					.delay(1000)
					.asyncDelayed()
					.end()
					.end()
					.end()
					.process((exchange) -> exchange.getMessage()
						.setBody(client
							.events(exchange.getVariable("jobId", String.class),
									exchange.getMessage().getBody(JsonNode.class))
							.values()))
					.split(body())
					.to("seda:events?size=100000");
				from("seda:events?size=100000&concurrentConsumers=" + PeerClient.CONCURRENCY).removeHeaders("*")
					.setHeader(Exchange.CONTENT_TYPE, constant("application/cloudevents+json"))
					.to(values.get(2) + "?httpMethod=POST&connectionsPerRoute=64");
			}
		});
		camel.start();
		ProducerTemplate producer = camel.createProducerTemplate();
		Scanner jobs = new Scanner(System.in, StandardCharsets.UTF_8);
		while (jobs.hasNextLine()) {
			producer.sendBody("seda:jobs?waitForTaskToComplete=Never", jobs.nextLine());
		}
	}

}
