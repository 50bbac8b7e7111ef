package io.vedette.job;

import java.util.List;

import org.apache.camel.CamelContext;

/**
 * The routes by which a node takes what nobody holds, and gives back what it does not.
 */
final class Claiming {

	private static final List<String> ROUTES = List.of("watch-due-jobs", "check-ownership");

	private Claiming() {
	}

	static void stop(CamelContext camel) throws Exception {
		for (String route : ROUTES) {
			camel.getRouteController().stopRoute(route);
		}
	}

	/** Those that have not been stopped go on as they do. */
	static void start(CamelContext camel) throws Exception {
		for (String route : ROUTES) {
			camel.getRouteController().startRoute(route);
		}
	}

}
