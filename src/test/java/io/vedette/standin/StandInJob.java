package io.vedette.standin;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A job at a {@link ProviderStandIn}. It pends until it is told how it ends; its time
 * counts from the moment it was added.
 */
public final class StandInJob {

	private static final Duration NEVER = Duration.ofDays(36_500);

	private final String id;

	private final ProviderApi api;

	private final String pictures;

	private final Clock clock;

	private final Instant added;

	private volatile Duration duration = NEVER;

	private volatile List<String> faces;

	private volatile Failure failure;

	private volatile String detectId;

	private volatile Script script;

	record Failure(String reason, Object code) {
	}

	StandInJob(String id, ProviderApi api, String pictures, Clock clock) {
		this.id = id;
		this.api = api;
		this.pictures = pictures;
		this.clock = clock;
		this.added = clock.instant();
		this.detectId = "m1" + Integer.toUnsignedString(id.hashCode(), 36);
		this.faces = hosted(1);
	}

	/** It finishes that long after it was added; with one face, unless told otherwise. */
	public StandInJob finishesAfter(Duration time) {
		this.duration = time;
		return this;
	}

	/** It succeeds with that many faces, whose pictures the stand-in hosts. */
	public StandInJob withFaces(int count) {
		this.faces = hosted(count);
		return finishes();
	}

	/** It succeeds with one face a URL. */
	public StandInJob withFacesAt(String... urls) {
		this.faces = List.of(urls);
		return finishes();
	}

	/**
	 * There is nobody to be seen: Akool and Magic Hour succeed with an empty list, crun
	 * fails.
	 */
	public StandInJob withoutFaces() {
		return this.api.failsWithoutFaces() ? failing() : withFaces(0);
	}

	/** It fails as jobs of the provider usually do. */
	public StandInJob failing() {
		this.failure = this.api.usualFailure();
		return finishes();
	}

	/**
	 * @param code a number at Akool, a text elsewhere
	 */
	public StandInJob failing(String reason, Object code) {
		this.failure = new Failure(reason, code);
		return finishes();
	}

	/** The id that crun.ai gives the result; other providers have none. */
	public StandInJob detectId(String value) {
		this.detectId = value;
		return this;
	}

	/** Polls are answered by these in order, then by the last one again and again. */
	public StandInJob replies(Reply... replies) {
		this.script = new Script(List.of(replies));
		return this;
	}

	public String id() {
		return this.id;
	}

	/** When it finishes or finished, by the stand-in's clock. */
	public Instant finishesAt() {
		return this.added.plus(this.duration);
	}

	Reply answer() {
		Script replies = this.script;
		return (replies != null) ? replies.next() : this.api.answer(this);
	}

	Instant added() {
		return this.added;
	}

	List<String> faces() {
		return this.faces;
	}

	Failure failure() {
		return this.failure;
	}

	String detectId() {
		return this.detectId;
	}

	/** 0-99 while it pends, then 100. */
	int progress() {
		long elapsed = Duration.between(this.added, this.clock.instant()).toMillis();
		long total = this.duration.toMillis();
		return (elapsed >= total) ? 100 : (int) (100 * elapsed / total);
	}

	/** Wall-clock time in the zone of the stand-in's clock. */
	LocalDateTime local(Instant instant) {
		return LocalDateTime.ofInstant(instant.truncatedTo(ChronoUnit.SECONDS), this.clock.getZone());
	}

	private StandInJob finishes() {
		if (this.duration == NEVER) {
			this.duration = Duration.ZERO;
		}
		return this;
	}

	private List<String> hosted(int count) {
		return IntStream.range(0, count)
			.mapToObj((number) -> this.pictures + number + "." + this.api.pictureFormat())
			.toList();
	}

}
