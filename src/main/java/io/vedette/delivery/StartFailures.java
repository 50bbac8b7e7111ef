package io.vedette.delivery;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.RouteRestartingFailureEvent;
import org.apache.camel.spi.CamelEvent.RouteStartedEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Why the routes of targets and intakes can't start. Camel tries them again until they
 * can, and says so to nobody.
 */
@Component
class StartFailures extends SimpleEventNotifierSupport {

	private static final Logger logger = LoggerFactory.getLogger(StartFailures.class);

	private static final Pattern ROUTE = Pattern.compile("(?:(?<target>send-to)|take-in)-(?<name>.+)");

	/** By route. */
	private final Map<String, String> reasons = new ConcurrentHashMap<>();

	StartFailures() {
		setIgnoreRouteEvents(false);
	}

	@Override
	public void notify(CamelEvent event) {
		if (event instanceof RouteRestartingFailureEvent failure) {
			failed(failure.getRoute().getRouteId(), Failure.rootReason(failure.getCause()));
		}
		else if (event instanceof RouteStartedEvent started) {
			started(started.getRoute().getRouteId());
		}
	}

	/** Why a target can't be started, or nothing if it was or nobody has tried yet. */
	Optional<String> of(String target) {
		return Optional.ofNullable(this.reasons.get(Targets.LEAF_PREFIX + target));
	}

	private void failed(String route, String reason) {
		Matcher parts = ROUTE.matcher(route);
		if (parts.matches() && !reason.equals(this.reasons.put(route, reason))) {
			String kind = kind(parts);
			logger.warn(
					"{} {} can't be started: {}. It is tried again until it can, and what is meant for it waits. Correct vedette.{}s.{}, or what it names.",
					kind, parts.group("name"), reason, kind, parts.group("name"));
		}
	}

	private void started(String route) {
		Matcher parts = ROUTE.matcher(route);
		if (this.reasons.remove(route) != null && parts.matches()) {
			logger.warn("{} {} is started", kind(parts), parts.group("name"));
		}
	}

	private static String kind(Matcher route) {
		return (route.group("target") != null) ? "target" : "intake";
	}

}
