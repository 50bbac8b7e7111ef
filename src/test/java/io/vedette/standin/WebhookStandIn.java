package io.vedette.standin;

import java.time.Clock;
import java.util.Arrays;
import java.util.function.Function;

/** A webhook receiver. Answers 200 until it is told otherwise. */
public final class WebhookStandIn extends HttpStandIn {

	private volatile Function<Request, Reply> answers = (request) -> Reply.status(200);

	public WebhookStandIn() {
		this(0);
	}

	public WebhookStandIn(int port) {
		super(port, Clock.systemUTC());
		start();
	}

	public String url() {
		return baseUrl() + "/hook";
	}

	/** Answers with these statuses in order, then with the last one again and again. */
	public WebhookStandIn answers(int... statuses) {
		return answers(Arrays.stream(statuses).mapToObj(Reply::status).toArray(Reply[]::new));
	}

	public WebhookStandIn answers(Reply... replies) {
		Script script = new Script(Arrays.asList(replies));
		return answers((request) -> script.next());
	}

	public WebhookStandIn answers(Function<Request, Reply> function) {
		this.answers = function;
		return this;
	}

	@Override
	Reply answer(Request request) {
		return this.answers.apply(request);
	}

}
