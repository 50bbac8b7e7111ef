package io.vedette.standin;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.web.util.UriUtils;

/**
 * Plays Akool, crun.ai and Magic Hour on one port, and hosts the pictures of the faces. A
 * client that does what it must not do, such as showing its key to the host of a picture,
 * is answered and remembered in {@link #faults()}.
 */
public final class ProviderStandIn extends HttpStandIn {

	private static final ProviderApi AKOOL = new AkoolApi();

	private static final ProviderApi CRUN = new CrunApi();

	private static final ProviderApi MAGIC_HOUR = new MagicHourApi();

	private final Map<String, String> keys = new ConcurrentHashMap<>();

	private final Set<String> accountKeys = ConcurrentHashMap.newKeySet();

	private final Map<String, StandInJob> jobs = new ConcurrentHashMap<>();

	private final Map<String, Queue<Request>> polls = new ConcurrentHashMap<>();

	private final Map<String, Queue<String>> submissions = new ConcurrentHashMap<>();

	private final Map<String, Script> submitReplies = new ConcurrentHashMap<>();

	private final LongAdder pollCount = new LongAdder();

	private final Queue<String> faults = new ConcurrentLinkedQueue<>();

	private final AtomicInteger made = new AtomicInteger();

	private final Pictures pictures = new Pictures();

	private volatile Function<Request, Reply> override = (request) -> null;

	private volatile Pattern autoJobs;

	public ProviderStandIn() {
		this(0);
	}

	public ProviderStandIn(int port) {
		this(port, Clock.systemUTC());
	}

	/**
	 * @param port 0 for any free one
	 * @param clock decides how old jobs are
	 */
	public ProviderStandIn(int port, Clock clock) {
		super(port, clock);
		start();
	}

	/** The Akool job with this id, added now if it is new. */
	public StandInJob akool(String id) {
		return job(AKOOL, id);
	}

	/** The crun.ai job with this id, added now if it is new. */
	public StandInJob crun(String id) {
		return job(CRUN, id);
	}

	/** The Magic Hour job with this id, added now if it is new. */
	public StandInJob magicHour(String id) {
		return job(MAGIC_HOUR, id);
	}

	/**
	 * From now on every provider knows all ids {@code <prefix>-<millis>-<faces>} and
	 * {@code <prefix>-<millis>-<faces>-<anything>}: the job finishes that long after its
	 * first poll, with that many faces. With {@code fails} in place of a number it fails.
	 */
	public ProviderStandIn autoJobs(String prefix) {
		this.autoJobs = Pattern.compile(Pattern.quote(prefix) + "-(\\d{1,9})-(\\d{1,3}|fails)(-.*)?", Pattern.DOTALL);
		return this;
	}

	/**
	 * Media at this URL is not taken: submitting it is answered by these in order, then
	 * by the last one again and again; null takes it.
	 */
	public ProviderStandIn submitting(String mediaUrl, Reply... replies) {
		this.submitReplies.put(mediaUrl, new Script(Arrays.asList(replies)));
		return this;
	}

	/**
	 * Each POST that submitted the media at this URL: the id of the job it made, or none.
	 */
	public List<String> submissions(String mediaUrl) {
		return List.copyOf(this.submissions.getOrDefault(mediaUrl, new ConcurrentLinkedQueue<>()));
	}

	/** How often each URL was submitted. */
	public Map<String, Integer> submissions() {
		return this.submissions.entrySet()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey, (entry) -> entry.getValue().size()));
	}

	/**
	 * Answers in place of all APIs and pictures wherever the function returns a reply.
	 * @param function gives null where everything goes its usual way
	 */
	public ProviderStandIn override(Function<Request, Reply> function) {
		this.override = function;
		return this;
	}

	/** The key (at Akool also: the token) that the provider accepts. */
	public String key(String provider) {
		return this.keys.getOrDefault(provider, "demo-" + provider + "-key");
	}

	public ProviderStandIn accepts(String provider, String key) {
		this.keys.put(provider, key);
		return this;
	}

	/** A further account's key, beside the others. */
	public ProviderStandIn acceptsToo(String provider, String key) {
		this.accountKeys.add(provider + " " + key);
		return this;
	}

	/** All polls of a job so far, oldest first, refused ones and unknown ids included. */
	public List<Request> polls(String provider, String id) {
		return List.copyOf(this.polls.getOrDefault(path(provider, id), new ConcurrentLinkedQueue<>()));
	}

	public long pollCount() {
		return this.pollCount.sum();
	}

	/** The picture of a face, as it is sent. */
	public byte[] picture(String provider, String id, int number) {
		ProviderApi api = Stream.of(AKOOL, CRUN, MAGIC_HOUR)
			.filter((candidate) -> candidate.provider().equals(provider))
			.findFirst()
			.orElseThrow();
		return this.pictures.picture(path(provider, id), number, api.pictureFormat());
	}

	/** What clients did that they must not do. */
	public List<String> faults() {
		return List.copyOf(this.faults);
	}

	@Override
	Reply answer(Request request) {
		ProviderApi api = Stream.of(AKOOL, CRUN, MAGIC_HOUR)
			.filter((candidate) -> candidate.matches(request) || candidate.submitted(request).isPresent())
			.findFirst()
			.orElse(null);
		inspect(api, request);
		if (api != null && api.submitted(request).isPresent()) {
			return submit(api, request, api.submitted(request).get());
		}
		if (api != null) {
			remember(api, request);
		}
		Reply instead = this.override.apply(request);
		return (instead != null) ? instead : usual(api, request);
	}

	private Reply submit(ProviderApi api, Request request, String mediaUrl) {
		Queue<String> made = this.submissions.computeIfAbsent(mediaUrl, (key) -> new ConcurrentLinkedQueue<>());
		Script script = this.submitReplies.get(mediaUrl);
		Reply instead = (script != null) ? script.next() : this.override.apply(request);
		if (instead == null && !authorised(api, request)) {
			instead = api.refused();
		}
		if (instead != null) {
			made.add("none");
			return instead;
		}
		String id = mediaUrl.replaceFirst("[?#].*", "").replaceFirst(".*/", "").replaceFirst("\\.[a-z0-9]+$", "") + "-"
				+ this.made.incrementAndGet();
		made.add(id);
		if (this.autoJobs == null || !this.autoJobs.matcher(id).matches()) {
			job(api, id).withFaces(1);
		}
		return api.accepted(id);
	}

	private Reply usual(ProviderApi api, Request request) {
		if (!request.method().equals("GET")) {
			return Reply.status(405).header("allow", "GET");
		}
		if (api != null) {
			return authorised(api, request) ? poll(api, request) : api.refused();
		}
		return Pictures.isPicture(request) ? this.pictures.answer(request) : Reply.status(404);
	}

	private Reply poll(ProviderApi api, Request request) {
		String id = api.jobId(request).orElse("");
		if (id.isEmpty()) {
			return api.invalid();
		}
		StandInJob job = this.jobs.computeIfAbsent(path(api.provider(), id), (path) -> autoJob(api, id));
		return (job != null) ? job.answer() : api.notFound();
	}

	private StandInJob autoJob(ProviderApi api, String id) {
		Matcher auto = (this.autoJobs != null) ? this.autoJobs.matcher(id) : null;
		if (auto == null || !auto.matches()) {
			return null;
		}
		StandInJob job = create(api, id).finishesAfter(Duration.ofMillis(Long.parseLong(auto.group(1))));
		return auto.group(2).equals("fails") ? job.failing() : job.withFaces(Integer.parseInt(auto.group(2)));
	}

	private StandInJob job(ProviderApi api, String id) {
		return this.jobs.computeIfAbsent(path(api.provider(), id), (path) -> create(api, id));
	}

	private StandInJob create(ProviderApi api, String id) {
		return new StandInJob(id, api, baseUrl() + "/pictures/" + path(api.provider(), id) + "/", clock());
	}

	private void remember(ProviderApi api, Request request) {
		if (!isForgetful()) {
			String path = path(api.provider(), api.jobId(request).orElse(""));
			this.polls.computeIfAbsent(path, (key) -> new ConcurrentLinkedQueue<>()).add(request);
		}
		this.pollCount.increment();
	}

	/** Exactly one of the headers that the API knows, with the right key. */
	private boolean authorised(ProviderApi api, Request request) {
		List<String> sent = api.keyHeaders().stream().filter((name) -> request.header(name) != null).toList();
		if (sent.size() != 1) {
			return false;
		}
		String shown = request.header(sent.get(0));
		String bearer = sent.get(0).equals(ProviderApi.AUTHORIZATION) ? "Bearer " : "";
		return shown.equals(bearer + key(api.provider())) || shown.startsWith(bearer)
				&& this.accountKeys.contains(api.provider() + " " + shown.substring(bearer.length()));
	}

	private void inspect(ProviderApi api, Request request) {
		List<String> secrets = Stream.of(ProviderApi.API_KEY, ProviderApi.AUTHORIZATION)
			.filter((name) -> request.header(name) != null)
			.toList();
		if (secrets.size() > 1) {
			fault(request, "both x-api-key and Authorization");
		}
		if (secrets.stream().anyMatch((name) -> api == null || !api.keyHeaders().contains(name))) {
			fault(request, "a key in a header that the receiver does not ask for");
		}
		if (request.headers().keySet().stream().anyMatch((name) -> name.startsWith("camel"))) {
			fault(request, "a Camel header on the wire");
		}
		if (!request.method().equals((api != null && api.submitted(request).isPresent()) ? "POST" : "GET")
				|| (api == null && !Pictures.isPicture(request))) {
			fault(request, "no such endpoint");
		}
	}

	private void fault(Request request, String fault) {
		this.faults.add(request.method() + " " + request.path() + ": " + fault);
	}

	private static String path(String provider, String id) {
		return provider + "/" + UriUtils.encode(id, StandardCharsets.UTF_8);
	}

}
