package io.vedette.delivery;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.RouteRestartingFailureEvent;
import org.apache.camel.spi.CamelEvent.RouteStartedEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Why the routes of targets can't start. Camel tries them again until they can, and says
 * so to nobody.
 */
@Component
class StartFailures extends SimpleEventNotifierSupport {

	private static final Logger logger = LoggerFactory.getLogger(StartFailures.class);

	private final Map<String, String> reasons = new ConcurrentHashMap<>();

	StartFailures() {
		setIgnoreRouteEvents(false);
	}

	@Override
	public void notify(CamelEvent event) {
		if (event instanceof RouteRestartingFailureEvent failure) {
			target(failure.getRoute().getRouteId()).ifPresent((target) -> failed(target, failure.getCause()));
		}
		else if (event instanceof RouteStartedEvent started) {
			target(started.getRoute().getRouteId()).ifPresent(this::started);
		}
	}

	/** Why a target can't be started, or nothing if it was or nobody has tried yet. */
	Optional<String> of(String target) {
		return Optional.ofNullable(this.reasons.get(target));
	}

	private static Optional<String> target(String route) {
		return route.startsWith(Targets.LEAF_PREFIX) ? Optional.of(route.substring(Targets.LEAF_PREFIX.length()))
				: Optional.empty();
	}

	private void failed(String target, Throwable thrown) {
		String reason = Failure.rootReason(thrown);
		if (!reason.equals(this.reasons.put(target, reason))) {
			logger.warn(
					"target {} can't be started: {}. Its deliveries wait, and it is tried again until it can. Correct vedette.targets.{}, or what it names.",
					target, reason, target);
		}
	}

	private void started(String target) {
		if (this.reasons.remove(target) != null) {
			logger.warn("target {} is started: its deliveries go on", target);
		}
	}

}
