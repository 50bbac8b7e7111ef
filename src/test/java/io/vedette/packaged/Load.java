package io.vedette.packaged;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Jobs of both providers in turn, whose ids tell the stand-in when they finish and with
 * how many faces: none to three.
 */
record Load(List<Load.Item> jobs) {

	private static final Map<String, String> PICTURES = Map.of("akool", ".png", "crun", ".jpg", "magic-hour", ".png");

	/** One job of a load. */
	record Item(String provider, String jobId, int faces) {
	}

	/**
	 * That many jobs.
	 * @param name makes their ids new
	 * @param longest after which time the last of them finishes
	 */
	static Load of(String name, int count, Duration longest) {
		Random random = new Random(name.hashCode());
		List<Item> jobs = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			int faces = i / 2 % 4;
			long millis = random.nextLong(longest.toMillis() + 1);
			jobs.add(new Item((i % 2 == 0) ? "akool" : "crun", "auto-%d-%d-%s%d".formatted(millis, faces, name, i),
					faces));
		}
		return new Load(jobs);
	}

	/** One job that has finished when it is first asked for. */
	static Load single(String provider, int faces) {
		return new Load(List.of(new Item(provider, "auto-0-%d-single".formatted(faces), faces)));
	}

	/** A part of it. */
	Load part(int from, int to) {
		return new Load(this.jobs.subList(from, to));
	}

	/** The body of POST /jobs. */
	String requests() {
		try {
			return new ObjectMapper().writeValueAsString(
					this.jobs.stream().map((job) -> Map.of("provider", job.provider(), "jobId", job.jobId())).toList());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Ids of all events that must come of it. */
	Set<String> eventIds() {
		return collect((job) -> Stream.concat(Stream.of("job"), numbers(job).map((number) -> "face:" + number))
			.map((end) -> job.provider() + ":" + job.jobId() + ":" + end));
	}

	/** All files that a files target must have of it, pictures included. */
	Set<String> files() {
		return collect((job) -> Stream
			.concat(Stream.of("job.json"),
					numbers(job).flatMap((number) -> Stream.of(".json", PICTURES.get(job.provider()))
						.map((extension) -> "face-" + number + extension)))
			.map((name) -> job.provider() + "/" + job.jobId() + "/" + name));
	}

	private Set<String> collect(Function<Item, Stream<String>> function) {
		return this.jobs.stream().flatMap(function).collect(Collectors.toSet());
	}

	private static Stream<Integer> numbers(Item job) {
		return IntStream.range(0, job.faces()).boxed();
	}

}
