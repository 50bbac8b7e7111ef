package io.vedette.delivery;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.vedette.config.VedetteProperties;
import io.vedette.job.Job;
import io.vedette.schedule.SteadyClock;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.seda.SedaEndpoint;

import org.springframework.stereotype.Component;

/** The configured targets. */
@Component("targets")
public class Targets {

	/** Which template a target's route is made from. */
	enum Kind {

		FILES, WEBHOOK, ENDPOINT

	}

	/** What the id of a target's route begins with, and the name of its queue. */
	static final String ROUTE_PREFIX = "deliver-to-";

	private final Map<String, VedetteProperties.Target> targets;

	private final Map<String, TargetGate> gates = new ConcurrentHashMap<>();

	private final CamelContext camel;

	private final SteadyClock clock;

	Targets(VedetteProperties properties, CamelContext camel, SteadyClock clock) {
		this.camel = camel;
		this.clock = clock;
		this.targets = properties.targets()
			.entrySet()
			.stream()
			.filter((entry) -> !entry.getValue().uri().isBlank())
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
	}

	/** Names of all targets, sorted. */
	public List<String> names() {
		return this.targets.keySet().stream().sorted().toList();
	}

	/** Targets of a job: those it names, or all. */
	List<String> of(Job job) {
		return (job.targets() == null) ? names() : job.targets().stream().distinct().toList();
	}

	/** The settings of a target, or nothing if it is no longer configured. */
	Optional<VedetteProperties.Target> find(String name) {
		return Optional.ofNullable(this.targets.get(name));
	}

	List<String> eventsOf(String name) {
		return find(name).map(VedetteProperties.Target::events).orElse(List.of("*"));
	}

	static Kind kind(VedetteProperties.Target target) {
		String uri = target.uri().toLowerCase(Locale.ROOT);
		if (uri.startsWith("file:")) {
			return Kind.FILES;
		}
		return (uri.startsWith("http:") || uri.startsWith("https:")) ? Kind.WEBHOOK : Kind.ENDPOINT;
	}

	/** Directory of a files target. */
	static Path directory(VedetteProperties.Target target) {
		return Path.of(target.uri().substring("file:".length()).replaceFirst("^//", "").replaceFirst("\\?.*", ""));
	}

	/** Directories of all files targets. */
	List<Path> directories() {
		return this.targets.values()
			.stream()
			.filter((target) -> kind(target) == Kind.FILES)
			.map(Targets::directory)
			.toList();
	}

	/**
	 * How many more deliveries the queue of a target takes now; while the target is
	 * paused, none but a probe.
	 */
	public int room(String name) {
		// A route whose broker was down at start is tried again by Camel; until then its
		// deliveries stay rows.
		return this.camel.getRouteController().getRouteStatus(ROUTE_PREFIX + name).isStarted()
				? gate(name).room(queue(name).remainingCapacity(), this.clock.instant()) : 0;
	}

	/** What stands in front of a target. */
	TargetGate gate(String name) {
		return this.gates.computeIfAbsent(name, (key) -> new TargetGate());
	}

	/** Probes all paused targets now. */
	public void probe() {
		this.gates.values().forEach((gate) -> gate.probe(this.clock.instant()));
	}

	/** How long a delivery to a target is tried before it is a dead letter. */
	Duration patience(String name) {
		return retry(name).stream().reduce(Duration.ZERO, Duration::plus);
	}

	/** Waits between attempts. */
	List<Duration> retry(String name) {
		return find(name).map(VedetteProperties.Target::retry).orElse(List.of());
	}

	/** Rows of the deliveries that wait in the queues. */
	Stream<Long> queued() {
		return names().stream().flatMap((name) -> ids(queue(name)));
	}

	/**
	 * Takes all deliveries of a target out of its queue.
	 * @return their rows
	 */
	List<Long> drain(String name) {
		List<Exchange> waiting = new ArrayList<>();
		queue(name).drainTo(waiting);
		return ids(waiting).collect(Collectors.toCollection(ArrayList::new));
	}

	private static Stream<Long> ids(Collection<Exchange> exchanges) {
		return exchanges.stream()
			.map((exchange) -> exchange.getMessage().getBody())
			.filter(Delivery.class::isInstance)
			.map((delivery) -> ((Delivery) delivery).id());
	}

	/** Takes the deliveries of a job out of all queues. */
	void forget(Job job) {
		names().forEach((name) -> queue(name)
			.removeIf((exchange) -> exchange.getMessage().getBody() instanceof Delivery delivery
					&& delivery.provider().equals(job.provider()) && delivery.jobId().equals(job.jobId())));
	}

	private BlockingQueue<Exchange> queue(String name) {
		return this.camel.getEndpoint("seda:" + ROUTE_PREFIX + name, SedaEndpoint.class).getQueue();
	}

}
