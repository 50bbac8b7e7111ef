package io.vedette.job;

import java.util.List;

import io.vedette.RunningVedette;
import io.vedette.intake.Row;
import io.vedette.standin.Reply;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/** A route of somebody's own hands jobs in, with whatever it has on its exchange. */
class OwnIntakeTest extends RunningVedette {

	@Autowired
	private ProducerTemplate producer;

	@Test
	void takesNothingOfTheIntakeForAPartOfTheFirstReply() {
		String id = newId("own-intake");
		standIn.crun(id)
			.replies(Reply
				.json(parse("{'code': 200, 'data': {'status': 'succeeded', 'result': {'faces': [{'id': 0}]}}}")));
		this.producer.send("direct:register-jobs", (exchange) -> {
			exchange.getMessage().setBody(List.of(new Row(1, null, JobRequests.of("crun", id), null)));
			exchange.getMessage().setHeader("Retry-After", "60");
			exchange.setVariable("replyId", "the id of the message that it came in");
			exchange.setVariable("retryAfter", "60");
		});
		assertThat(awaitEnd("crun", id).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(standIn.polls("crun", id)).hasSize(1);
	}

}
