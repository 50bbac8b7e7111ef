package io.vedette.benchmark;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vedette.packaged.Load;
import io.vedette.packaged.PackagedJar;
import io.vedette.packaged.Stage;

/** Sends the same number of events of the same size, by Vedette and by a bare client. */
final class Race {

	/** How many events a bare client sends at a time. */
	static final int CONCURRENCY = 4;

	private static final int FACES = 20;

	private static final Duration ENOUGH = Duration.ofMinutes(5);

	private static final ObjectMapper JSON = new ObjectMapper();

	private final AtomicLong firstAnswer = new AtomicLong();

	private int rounds;

	/**
	 * @param stage whose providers say that every job has finished when it is first asked
	 * for
	 */
	Race(Stage stage) {
		stage.providers().override((request) -> {
			this.firstAnswer.compareAndSet(0, System.nanoTime());
			return null;
		});
	}

	/** Jobs with ids of their own. */
	Load load(int jobs) {
		String name = "race" + this.rounds++ + "-";
		return new Load(IntStream.range(0, jobs)
			.mapToObj((number) -> Load.Item.of("akool", Duration.ZERO, FACES, false, name + number))
			.toList());
	}

	static long eventCount(Load load) {
		return load.jobs().stream().mapToLong((job) -> job.faces() + 1).sum();
	}

	/**
	 * Nanoseconds from the provider's first answer until the target has the last event.
	 */
	long vedette(PackagedJar jar, BareClient client, Load load) throws Exception {
		client.expect(load);
		this.firstAnswer.set(0);
		register(jar, client.target(), load);
		long ended = awaitArrival(client);
		return ended - this.firstAnswer.get();
	}

	/** Has jobs watched whose events go to one target. */
	static void register(PackagedJar jar, String target, Load load) throws Exception {
		register(jar, Map.of("targets", List.of(target)), load);
	}

	/**
	 * Has jobs watched.
	 * @param members what each request says besides
	 */
	static void register(PackagedJar jar, Map<String, Object> members, Load load) throws Exception {
		for (int from = 0; from < load.jobs().size(); from += 1000) {
			List<Map<String, Object>> requests = load.jobs()
				.subList(from, Math.min(from + 1000, load.jobs().size()))
				.stream()
				.map((job) -> request(job, members))
				.toList();
			HttpResponse<String> response = jar.post("/jobs", JSON.writeValueAsString(requests));
			if (response.statusCode() != 202) {
				throw new IOException("POST /jobs: %d %s".formatted(response.statusCode(), response.body()));
			}
		}
	}

	private static Map<String, Object> request(Load.Item job, Map<String, Object> members) {
		Map<String, Object> request = new HashMap<>(members);
		request.put("provider", job.provider());
		request.put("jobId", job.jobId());
		return request;
	}

	/**
	 * Waits until nothing is under way, so that one measurement does not slow the next.
	 */
	static void awaitRest(PackagedJar jar) throws Exception {
		long deadline = System.nanoTime() + ENOUGH.toNanos();
		while (!jar.isSettled()) {
			pause(100, deadline);
		}
	}

	/** Nanoseconds from the first event sent until the target has the last one. */
	long bare(BareClient client, Load load, Events events) throws Exception {
		client.expect(load);
		List<Callable<Void>> work = new ArrayList<>();
		load.jobs().forEach((job) -> job.events().forEach((id, file) -> {
			String body = events.body(job, id);
			work.add(() -> {
				client.send(id, file, body);
				return null;
			});
		}));
		ExecutorService threads = Executors.newFixedThreadPool(CONCURRENCY);
		try {
			long began = System.nanoTime();
			for (Future<Void> sent : threads.invokeAll(work)) {
				sent.get();
			}
			return awaitArrival(client) - began;
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static long awaitArrival(BareClient client) throws InterruptedException {
		long deadline = System.nanoTime() + ENOUGH.toNanos();
		while (!client.haveAllArrived()) {
			pause(2, deadline);
		}
		return System.nanoTime();
	}

	private static void pause(long millis, long deadline) throws InterruptedException {
		if (System.nanoTime() > deadline) {
			throw new IllegalStateException("not all arrived within " + ENOUGH);
		}
		TimeUnit.MILLISECONDS.sleep(millis);
	}

	/** Events as Vedette writes them, for the bare client to send. */
	record Events(String jobId, String face, String end) {

		/**
		 * @param directory of the files target, which has the events of the job
		 */
		static Events of(Path directory, Load.Item job) throws IOException {
			Path place = directory.resolve(job.provider()).resolve(job.jobId());
			return new Events(job.jobId(), Files.readString(place.resolve("face-0.json")),
					Files.readString(place.resolve("job.json")));
		}

		private String body(Load.Item job, String id) {
			return (id.endsWith(":job") ? this.end : this.face).replace(this.jobId, job.jobId());
		}

	}

}
