package io.vedette.packaged;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vedette.standin.ProviderStandIn;

/**
 * Jobs of both providers in turn, whose ids tell the stand-in when they finish and with
 * how many faces: none to three.
 */
public record Load(List<Load.Item> jobs) {

	private static final Map<String, String> PICTURES = Map.of("akool", ".png", "crun", ".jpg", "magic-hour", ".png");

	/**
	 * One job of a load.
	 *
	 * @param fails whether the provider says so, instead of showing faces
	 */
	public record Item(String provider, String jobId, int faces, boolean fails) {

		/** What {@link ProviderStandIn#autoJobs} knows as {@code auto} understands. */
		public static Item of(String provider, Duration duration, int faces, boolean fails, String name) {
			return new Item(provider,
					"auto-%d-%s-%s".formatted(duration.toMillis(), fails ? "fails" : Integer.toString(faces), name),
					faces, fails);
		}

		/** Ids of all events that must come of it, and their files, pictures aside. */
		public Map<String, String> events() {
			Map<String, String> events = new LinkedHashMap<>();
			for (int number = 0; number < this.faces; number++) {
				events.put(event("face:" + number), file("face-" + number + ".json"));
			}
			events.put(event("job"), file("job.json"));
			return events;
		}

		/** The files of the pictures of its faces, in order. */
		public List<String> pictures() {
			return IntStream.range(0, this.faces)
				.mapToObj((number) -> file("face-" + number + PICTURES.get(this.provider)))
				.toList();
		}

		private String event(String end) {
			return this.provider + ":" + this.jobId + ":" + end;
		}

		private String file(String name) {
			return this.provider + "/" + this.jobId + "/" + name;
		}

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
			jobs.add(Item.of((i % 2 == 0) ? "akool" : "crun", Duration.ofMillis(millis), faces, false, name + i));
		}
		return new Load(jobs);
	}

	/** That many jobs of crun.ai, none of which finishes any sooner. */
	public static Load crun(String name, int count, Duration duration) {
		return of("crun", name, count, duration);
	}

	/** The same of Akool. */
	public static Load akool(String name, int count, Duration duration) {
		return of("akool", name, count, duration);
	}

	private static Load of(String provider, String name, int count, Duration duration) {
		return new Load(
				IntStream.range(0, count).mapToObj((i) -> Item.of(provider, duration, 1, false, name + i)).toList());
	}

	/** One job that has finished when it is first asked for. */
	static Load single(String provider, int faces) {
		return new Load(List.of(Item.of(provider, Duration.ZERO, faces, false, "single")));
	}

	/** A part of it. */
	Load part(int from, int to) {
		return new Load(this.jobs.subList(from, to));
	}

	/** The body of POST /jobs. */
	public String requests() {
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
		return collect((job) -> job.events().keySet().stream());
	}

	/** All files that a files target must have of it, pictures included. */
	Set<String> files() {
		return collect((job) -> Stream.concat(job.events().values().stream(), job.pictures().stream()));
	}

	private Set<String> collect(Function<Item, Stream<String>> function) {
		return this.jobs.stream().flatMap(function).collect(Collectors.toSet());
	}

}
