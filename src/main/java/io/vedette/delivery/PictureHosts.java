package io.vedette.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.vedette.schedule.Durations;

/**
 * The gates in front of the hosts that pictures come from, so that one that drips or is
 * away holds up the pictures of no other. A few at a time are fetched from a host, the
 * rest waits in its line. Once {@value #FAILURES} in a row break off or time out, the
 * host is left alone for a pause, and then one picture asks whether it is back. All
 * moments are those of the steady clock. Safe for use by many threads.
 */
final class PictureHosts {

	static final int PLACES = 4;

	static final int FAILURES = 3;

	/** What finds the line full goes back to its row. */
	static final int LONGEST_LINE = 1000;

	/** From so many on, those are forgotten that nothing is fetched from. */
	private static final int MOST_HOSTS = 1000;

	static final Duration FIRST_PAUSE = Duration.ofSeconds(5);

	static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

	/** What a picture finds at the gate of its host. */
	enum Entry {

		/** A place. */
		ADMITTED,
		/** A place in its line. */
		WAITS,
		/** Neither: it comes again. */
		LINE_IS_FULL, PAUSED,
		/** What it stood in line for has failed, and it with that. */
		FAILED

	}

	private static final Pattern AUTHORITY = Pattern.compile("(?i)https?://([^/?#]*).*", Pattern.DOTALL);

	private final Map<String, Host> hosts = new HashMap<>();

	/** The host of a picture's URL; all that have none are alike. */
	static String of(Delivery delivery) {
		Matcher url = AUTHORITY.matcher(delivery.event().imageUrl());
		return url.matches() ? url.group(1).toLowerCase(Locale.ROOT) : "";
	}

	/** The same without a user, a password and the port; null where there is none. */
	static String nameOf(Delivery delivery) {
		String name = of(delivery).replaceFirst(".*@", "").replaceFirst(":\\d*$", "");
		return name.isEmpty() ? null : name;
	}

	/** Asks for a place; who is admitted has to {@link #leave}. */
	synchronized Entry enter(Delivery delivery, Instant now) {
		if (this.hosts.size() >= MOST_HOSTS) {
			this.hosts.values().removeIf((host) -> host.isIdle(now));
		}
		Host host = this.hosts.computeIfAbsent(of(delivery), (name) -> new Host());
		if (host.failed.remove(delivery.id())) {
			return Entry.FAILED;
		}
		if (host.isPaused(now)) {
			return Entry.PAUSED;
		}
		if (host.fetching < host.places()) {
			host.fetching++;
			return Entry.ADMITTED;
		}
		if (host.line.size() >= LONGEST_LINE) {
			return Entry.LINE_IS_FULL;
		}
		host.line.add(delivery);
		return Entry.WAITS;
	}

	/**
	 * Gives a place back.
	 * @param answered whether the host answered in time, whatever it said
	 * @return those in the host's line that ask for a place now
	 */
	synchronized List<Delivery> leave(Delivery delivery, boolean answered, Instant now) {
		Host host = this.hosts.get(of(delivery));
		host.left(answered, now);
		return host.next(now);
	}

	/** How long the host of a picture is still left alone. */
	synchronized Duration pause(Delivery delivery, Instant now) {
		Host host = this.hosts.get(of(delivery));
		return (host != null && host.isPaused(now)) ? Duration.between(now, host.pausedUntil) : Duration.ZERO;
	}

	/** How many pictures wait in lines. */
	synchronized int waiting() {
		return this.hosts.values().stream().mapToInt((host) -> host.line.size()).sum();
	}

	private static final class Host {

		private final Deque<Delivery> line = new ArrayDeque<>();

		private final Set<Long> failed = new HashSet<>();

		private int fetching;

		private int failures;

		private Duration pause;

		private Instant pausedUntil;

		int places() {
			return (this.pausedUntil != null) ? 1 : PLACES;
		}

		void left(boolean answered, Instant now) {
			this.fetching--;
			this.failures = answered ? 0 : this.failures + 1;
			if (answered) {
				this.pause = null;
				this.pausedUntil = null;
			}
			else if (this.failures >= FAILURES && (this.pausedUntil == null || !now.isBefore(this.pausedUntil))) {
				Duration longer = (this.pause != null) ? this.pause.multipliedBy(2) : FIRST_PAUSE;
				this.pause = Durations.shorter(longer, LONGEST_PAUSE);
				this.pausedUntil = now.plus(this.pause);
			}
		}

		boolean isPaused(Instant now) {
			return this.pausedUntil != null && now.isBefore(this.pausedUntil);
		}

		/**
		 * Of a paused host all: the host was asked while they waited, so each has failed
		 * an attempt, and learns so at the gate.
		 */
		List<Delivery> next(Instant now) {
			boolean paused = isPaused(now);
			int count = paused ? this.line.size() : Math.min(this.line.size(), places() - this.fetching);
			List<Delivery> next = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				next.add(this.line.remove());
			}
			if (paused) {
				next.forEach((delivery) -> this.failed.add(delivery.id()));
			}
			return next;
		}

		boolean isIdle(Instant now) {
			return this.fetching == 0 && this.line.isEmpty() && this.failed.isEmpty()
					&& (this.pausedUntil == null || now.isAfter(this.pausedUntil));
		}

	}

}
