package io.vedette.job;

import java.util.concurrent.atomic.AtomicReference;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.standin.Reply;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/** A fault of Vedette's own, in the midst of asking for a job. */
@Import(LoopFaultTest.Faults.class)
class LoopFaultTest extends RunningVedette {

	private static final AtomicReference<Exception> next = new AtomicReference<>();

	private final String id = newId("fault");

	@Test
	void isHandedBackAndWatchedAnew() {
		standIn.crun(this.id)
			.replies(Reply
				.json(parse("{'code': 200, 'data': {'status': 'succeeded', 'result': {'faces': [{'id': 0}]}}}")));
		next.set(new IllegalStateException("for the test"));
		JsonNode job = watch("crun", this.id);
		assertThat(next).hasNullValue();
		assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(standIn.polls("crun", this.id)).hasSize(2);
		assertThat(events("crun", this.id)).extracting((event) -> event.path("id").asText())
			.containsExactlyInAnyOrder("crun:" + this.id + ":job", "crun:" + this.id + ":face:0");
	}

	@Test
	void harmsNoOther() {
		String other = newId("other");
		standIn.crun(this.id)
			.replies(Reply.json(parse("{'code': 200, 'data': {'status': 'succeeded', 'result': {'faces': []}}}")));
		standIn.crun(other).replies(Reply.json(parse("{'code': 200, 'data': {'status': 'failed'}}")));
		next.set(new IllegalStateException("for the test"));
		post("/jobs", "[{\"provider\":\"crun\",\"jobId\":\"" + this.id + "\"},{\"provider\":\"crun\",\"jobId\":\""
				+ other + "\"}]");
		assertThat(awaitEnd("crun", other).path("status").asText()).isEqualTo("FAILED");
		assertThat(awaitEnd("crun", this.id).path("status").asText()).isEqualTo("SUCCEEDED");
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Faults {

		/** What hears the answer breaks once. */
		@Bean
		static BeanPostProcessor breaksOnce() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String name) {
					return name.equals("hear") ? breaking((Processor) bean) : bean;
				}

			};
		}

		private static Processor breaking(Processor hear) {
			return (exchange) -> {
				Exception fault = next.getAndSet(null);
				if (fault != null) {
					throw fault;
				}
				hear.process(exchange);
			};
		}

	}

}
