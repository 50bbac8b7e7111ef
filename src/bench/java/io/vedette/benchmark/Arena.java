package io.vedette.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vedette.packaged.Stage;
import io.vedette.standin.Reply;
import io.vedette.standin.Request;

/**
 * Jobs of five faces at the same stand-ins for each {@link Rival}, in turn. A job says
 * that it is processed until this lets it finish.
 */
final class Arena {

	static final int FACES = 5;

	/** Faces, and the job itself. */
	private static final int EVENTS = FACES + 1;

	private static final Duration ENOUGH = Duration.ofMinutes(5);

	private static final ObjectMapper JSON = new ObjectMapper();

	private static final Reply PENDING = Reply.json(
			"{\"code\":200,\"message\":\"success\",\"data\":{\"result\":null,\"status\":\"processing\",\"error\":null}}");

	/** When a job may finish, and when it was first said so. */
	private final Map<String, Long> finishes = new ConcurrentHashMap<>();

	private final Map<String, Long> answered = new ConcurrentHashMap<>();

	private final Queue<Long> lags = new ConcurrentLinkedQueue<>();

	private final Stage stage;

	private int loads;

	Arena(Stage stage) {
		this.stage = stage;
		stage.providers().forgetRequests();
		stage.webhook().forgetRequests();
		stage.providers().override(this::poll);
		stage.webhook().answers(this::receive);
	}

	private Reply poll(Request request) {
		String id = request.parameter("detect_task_id").orElseThrow();
		if (System.nanoTime() < this.finishes.getOrDefault(id, Long.MAX_VALUE)) {
			return PENDING;
		}
		this.answered.putIfAbsent(id, System.nanoTime());
		return null;
	}

	private Reply receive(Request request) {
		try {
			JsonNode job = JSON.readTree(request.body()).at("/data/jobId");
			this.lags.add(System.nanoTime() - this.answered.get(job.asText()));
			return Reply.status(200);
		}
		catch (Exception ex) {
			return Reply.status(400);
		}
	}

	private List<String> ids(int jobs) {
		String name = "arena" + this.loads++ + "-";
		return IntStream.range(0, jobs).mapToObj((number) -> "auto-0-" + FACES + "-" + name + number).toList();
	}

	/** All jobs finish at one moment. */
	Measured burst(Rival rival, int jobs) throws Exception {
		List<String> ids = ids(jobs);
		long polls = this.stage.providers().pollCount();
		begin();
		rival.watch(ids);
		await(() -> this.stage.providers().pollCount() >= polls + 2 * jobs);
		Duration cpu = rival.cpuTime();
		long began = System.nanoTime();
		ids.forEach((id) -> this.finishes.put(id, began));
		return end(rival, jobs, cpu, began);
	}

	/** Jobs come at even intervals and take the same time. */
	Measured steady(Rival rival, int jobs, Duration interval, Duration duration) throws Exception {
		List<String> ids = ids(jobs);
		begin();
		Duration cpu = rival.cpuTime();
		long began = System.nanoTime();
		for (int number = 0; number < jobs; number++) {
			TimeUnit.NANOSECONDS.sleep(began + number * interval.toNanos() - System.nanoTime());
			this.finishes.put(ids.get(number), System.nanoTime() + duration.toNanos());
			rival.watch(List.of(ids.get(number)));
		}
		return end(rival, jobs, cpu, began);
	}

	private void begin() {
		this.lags.clear();
		this.answered.clear();
		this.finishes.clear();
	}

	private Measured end(Rival rival, int jobs, Duration cpu, long began) throws Exception {
		await(() -> this.lags.size() >= jobs * EVENTS);
		long ended = System.nanoTime();
		// What was sent is written down meanwhile.
		TimeUnit.SECONDS.sleep(1);
		return new Measured(jobs, Duration.ofNanos(ended - began), rival.cpuTime().minus(cpu),
				new ArrayList<>(this.lags).stream().sorted().toList());
	}

	private interface Condition {

		boolean holds();

	}

	private static void await(Condition condition) throws InterruptedException {
		long deadline = System.nanoTime() + ENOUGH.toNanos();
		while (!condition.holds()) {
			if (System.nanoTime() > deadline) {
				throw new IllegalStateException("not all arrived within " + ENOUGH);
			}
			TimeUnit.MILLISECONDS.sleep(2);
		}
	}

	/**
	 * What a load took.
	 *
	 * @param time from the first moment at which a job could finish to the last event
	 * @param cpu of the rival and its database
	 * @param lags nanoseconds from a job's terminal answer to each of its events, sorted
	 */
	record Measured(int jobs, Duration time, Duration cpu, List<Long> lags) {

		double facesASecond() {
			return this.jobs * FACES / (this.time.toNanos() / 1e9);
		}

		double cpuMillisAFace() {
			return cpuMillisAJob() / FACES;
		}

		double cpuMillisAJob() {
			return this.cpu.toNanos() / 1e6 / this.jobs;
		}

		double lagMillis(double share) {
			return this.lags.get((int) (share * (this.lags.size() - 1))) / 1e6;
		}

	}

}
