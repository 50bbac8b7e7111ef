package io.vedette.api;

import java.util.List;

import io.vedette.intake.Registrar.RegisteredRow;
import io.vedette.intake.RequestReader;
import io.vedette.intake.Row;
import io.vedette.job.Job;
import io.vedette.job.JobStore.Registered;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.ServiceStatus;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;

/** Hands job requests to the one Idempotent Receiver, as every other intake does. */
@Component
public class Registration {

	private static final String ROUTE = "register-jobs";

	private final CamelContext camel;

	private final ProducerTemplate routes;

	private final RequestReader reader;

	Registration(CamelContext camel, ProducerTemplate routes, RequestReader reader) {
		this.camel = camel;
		this.routes = routes;
		this.reader = reader;
	}

	/**
	 * Whether jobs are taken. Camel calls itself started before its routes are. Only this
	 * route counts, for another one may wait long for a broker that is silent.
	 */
	boolean isOpen() {
		ServiceStatus status = this.camel.isStarted() ? this.camel.getRouteController().getRouteStatus(ROUTE) : null;
		return status != null && status.isStarted();
	}

	/** Stores the good rows; what became of each, in the same order. */
	@SuppressWarnings("unchecked")
	List<RegisteredRow> register(List<Row> rows) {
		return this.routes.requestBody("direct:" + ROUTE, rows, List.class);
	}

	/**
	 * Hands a job in once more, as it was handed in first.
	 * @throws ResponseStatusException if it can't be taken
	 */
	public void again(Job job) {
		taken(register(List.of(this.reader.again(job))).get(0));
	}

	/**
	 * The job of a request that was taken.
	 * @throws ResponseStatusException why it was not
	 */
	static Registered taken(RegisteredRow one) {
		if (one.isConflict()) {
			throw new ResponseStatusException(HttpStatus.CONFLICT, one.row().problem());
		}
		if (one.job() == null) {
			throw Problems.badRequest(one.row().problem());
		}
		return one.job();
	}

}
