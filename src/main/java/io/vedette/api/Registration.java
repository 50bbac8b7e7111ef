package io.vedette.api;

import java.util.List;

import io.vedette.intake.Registrar.RegisteredRow;
import io.vedette.intake.Row;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.ServiceStatus;

import org.springframework.stereotype.Component;

/** Hands job requests to the one Idempotent Receiver, as every other intake does. */
@Component
class Registration {

	private static final String ROUTE = "register-jobs";

	private final CamelContext camel;

	private final ProducerTemplate routes;

	Registration(CamelContext camel, ProducerTemplate routes) {
		this.camel = camel;
		this.routes = routes;
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

}
