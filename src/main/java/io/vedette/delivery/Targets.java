package io.vedette.delivery;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.vedette.config.EndpointCheck;
import io.vedette.config.VedetteProperties;
import io.vedette.job.Job;
import io.vedette.schedule.SteadyClock;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.seda.SedaEndpoint;
import org.apache.camel.model.Model;

import org.springframework.stereotype.Component;

/** The configured targets. */
@Component("targets")
public class Targets {

	/** What the templates of leaves begin with, and the routes made from them. */
	static final String LEAF_PREFIX = "send-to-";

	static final String FILES = "files";

	static final String WEBHOOK = "webhook";

	static final String ENDPOINT = "endpoint";

	/** What the names of all queues of deliveries begin with. */
	private static final String QUEUES = "deliver-";

	private static final String QUEUE_PREFIX = "to-";

	private static final String PICTURE_QUEUE_PREFIX = "pictures-to-";

	private final Map<String, VedetteProperties.Target> targets;

	private final Map<String, TargetGate> gates = new ConcurrentHashMap<>();

	private final Map<String, String> kinds = new ConcurrentHashMap<>();

	private final PictureHosts pictureHosts = new PictureHosts();

	private final CamelContext camel;

	private final StartFailures startFailures;

	private final SteadyClock clock;

	Targets(VedetteProperties properties, CamelContext camel, StartFailures startFailures, SteadyClock clock) {
		this.camel = camel;
		this.startFailures = startFailures;
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

	/** Whether a target gets events of a type; those for operators it has to name. */
	boolean wants(String name, String type) {
		return eventsOf(name).contains("*") || eventsOf(name).contains(type);
	}

	/**
	 * What a target is: the scheme of its URI where a leaf of that name exists, else
	 * {@value #FILES}, {@value #WEBHOOK} or {@value #ENDPOINT}.
	 */
	String kind(VedetteProperties.Target target) {
		String scheme = EndpointCheck.scheme(target.uri()).toLowerCase(Locale.ROOT);
		if (this.camel.getCamelContextExtension()
			.getContextPlugin(Model.class)
			.getRouteTemplateDefinition(LEAF_PREFIX + scheme) != null) {
			return scheme;
		}
		return switch (scheme) {
			case "file" -> FILES;
			case "http", "https" -> WEBHOOK;
			default -> ENDPOINT;
		};
	}

	/** The kind of a target; empty if it is no longer configured. */
	public String kindOf(String name) {
		return this.kinds.computeIfAbsent(name, (key) -> find(key).map(this::kind).orElse(""));
	}

	private boolean isFiles(String name) {
		return kindOf(name).equals(FILES);
	}

	/** Whether the pictures behind faces go to a target too. */
	boolean savesPictures(String name) {
		return isFiles(name) && find(name).map(VedetteProperties.Target::images).orElse(false);
	}

	/** Directory of a files target. */
	static Path directory(VedetteProperties.Target target) {
		return Path.of(target.uri().substring("file:".length()).replaceFirst("^//", "").replaceFirst("\\?.*", ""));
	}

	/** Directories of all files targets. */
	List<Path> directories() {
		return this.targets.values()
			.stream()
			.filter((target) -> kind(target).equals(FILES))
			.map(Targets::directory)
			.toList();
	}

	/**
	 * How many more deliveries the queue of a target takes now; while the target is
	 * paused, none but a probe.
	 */
	public int room(String name) {
		return isStarted(name) ? gate(name).room(queue(QUEUE_PREFIX + name).remainingCapacity(), this.clock.instant())
				: 0;
	}

	/** The same for deliveries of which only the picture has not arrived. */
	int pictureRoom(String name) {
		if (!isFiles(name)) {
			return room(name);
		}
		int free = queue(PICTURE_QUEUE_PREFIX + name).remainingCapacity() - this.pictureHosts.waiting();
		return isStarted(name) ? gate(name).room(Math.max(0, free), this.clock.instant()) : 0;
	}

	/**
	 * Whether deliveries can be sent. A route whose broker was down at start is tried
	 * again by Camel; until then its deliveries stay rows.
	 */
	boolean isStarted(String name) {
		return Stream.of(QUEUES + QUEUE_PREFIX, LEAF_PREFIX)
			.map((prefix) -> this.camel.getRouteController().getRouteStatus(prefix + name))
			.allMatch((status) -> status != null && status.isStarted());
	}

	/** Why a target can't be started, or nothing if it is or nobody has tried yet. */
	Optional<String> startFailure(String name) {
		return isStarted(name) ? Optional.empty() : this.startFailures.of(name);
	}

	/** The gates of the hosts that pictures come from. */
	PictureHosts pictureHosts() {
		return this.pictureHosts;
	}

	/** What stands in front of a target. */
	TargetGate gate(String name) {
		return this.gates.computeIfAbsent(name, (key) -> new TargetGate(retry(key)));
	}

	/** Has a target wait for as long as an operator wants it. */
	public void hold(String name, boolean wanted) {
		gate(name).hold(wanted);
	}

	/** Whether an operator has paused a target. */
	public boolean isHeld(String name) {
		return gate(name).isHeld();
	}

	/** Probes all paused targets now. */
	public void probe() {
		this.gates.values().forEach((gate) -> gate.probe(this.clock.instant()));
	}

	/** Waits between attempts. */
	List<Duration> retry(String name) {
		return find(name).map(VedetteProperties.Target::retry).orElse(List.of());
	}

	/** The queue that a delivery waits in, without {@code deliver-} before its name. */
	String queueOf(Delivery delivery) {
		return (delivery.awaitsPicture() && isFiles(delivery.target()) ? PICTURE_QUEUE_PREFIX : QUEUE_PREFIX)
				+ delivery.target();
	}

	/** The deliveries that wait in the queues. */
	Stream<Delivery> queued() {
		return queues().flatMap(Collection::stream)
			.map((exchange) -> exchange.getMessage().getBody())
			.filter(Delivery.class::isInstance)
			.map(Delivery.class::cast);
	}

	/** How many deliveries to a target wait in queues. */
	int queued(String name) {
		return (int) queued().filter((delivery) -> delivery.target().equals(name)).count();
	}

	/** Takes the deliveries of jobs out of all queues. */
	void forget(List<Job> jobs) {
		Set<String> forgotten = jobs.stream().map(Delivery::directoryOf).collect(Collectors.toSet());
		queues().forEach(
				(queue) -> queue.removeIf((exchange) -> exchange.getMessage().getBody() instanceof Delivery delivery
						&& delivery.hasJob() && forgotten.contains(delivery.directory())));
	}

	private Stream<BlockingQueue<Exchange>> queues() {
		return names().stream()
			.flatMap((name) -> isFiles(name) ? Stream.of(QUEUE_PREFIX + name, PICTURE_QUEUE_PREFIX + name)
					: Stream.of(QUEUE_PREFIX + name))
			.map(this::queue);
	}

	private BlockingQueue<Exchange> queue(String name) {
		return this.camel.getEndpoint("seda:" + QUEUES + name, SedaEndpoint.class).getQueue();
	}

}
