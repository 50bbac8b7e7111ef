package io.vedette.intake;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import io.vedette.schedule.Durations;
import io.vedette.text.ForeignText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which files of a directory are written to their end: those that have not changed
 * for the settle time. It goes by a clock of its own and only compares the times of a
 * file with what they were, so a writer's clock may say what it likes; and it answers at
 * once, so no file waits for another.
 */
class Settling {

	/**
	 * Enough where a file was not written, but put into its place: what changed it last
	 * left the time of its content alone.
	 */
	static final Duration PUT_IN_PLACE = Duration.ofSeconds(2);

	/** An upload may begin with an empty file. */
	static final Duration EMPTY = Duration.ofMinutes(1);

	private static final Logger logger = LoggerFactory.getLogger(Settling.class);

	private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(1);

	private final Map<Path, Seen> files = new ConcurrentHashMap<>();

	private final String intake;

	private final Duration settleTime;

	private final InstantSource clock;

	private Instant nextSweep;

	Settling(String intake, Duration settleTime, InstantSource clock) {
		this.intake = intake;
		this.settleTime = settleTime;
		this.clock = clock;
		this.nextSweep = clock.instant();
	}

	/** Whether it is a regular file that nobody has changed for long enough. */
	boolean isSettled(Path file) {
		Look look = Look.at(file);
		if (look == null) {
			return false;
		}
		Instant now = this.clock.instant();
		Seen seen = this.files.compute(file, (path, before) -> {
			boolean same = before != null && before.look.equals(look);
			return same ? before : new Seen(look, now, fault(path, look));
		});
		return seen.takeable && !now.isBefore(seen.since.plus(timeToSettle(look)));
	}

	/** Whether it is another one than the one that had settled, or gone. */
	boolean hasChanged(Path file) {
		Seen seen = this.files.get(file);
		return seen != null && !seen.look.equals(Look.at(file));
	}

	/** Passes over the file until it changes, and says why. */
	void leaveAlone(Path file, String why) {
		warn(file, why);
		this.files.computeIfPresent(file, (path, seen) -> new Seen(seen.look, seen.since, false));
	}

	/** Forgets the files that are no longer there, once a minute. */
	void sweep() {
		Instant now = this.clock.instant();
		if (!now.isBefore(this.nextSweep)) {
			this.files.keySet().removeIf((file) -> Files.notExists(file, LinkOption.NOFOLLOW_LINKS));
			this.nextSweep = now.plus(BETWEEN_SWEEPS);
		}
	}

	private Duration timeToSettle(Look look) {
		if (look.size == 0) {
			return EMPTY;
		}
		boolean putInPlace = look.changed != null && !look.changed.equals(look.modified);
		return putInPlace ? Durations.shorter(this.settleTime, PUT_IN_PLACE) : this.settleTime;
	}

	/** Whether it can be taken at all. */
	private boolean fault(Path file, Look look) {
		if (!look.regular) {
			warn(file, "no regular file; links and devices are left alone. Put the file itself there.");
		}
		else if (!Files.isReadable(file)) {
			warn(file, "may not be read; it is left alone. Give it to the user that Vedette runs as.");
		}
		else {
			return true;
		}
		return false;
	}

	private void warn(Path file, String why) {
		logger.warn("{}: \"{}\": {}", this.intake, ForeignText.printable(file.getFileName().toString()), why);
	}

	/**
	 * A file as it was found.
	 *
	 * @param since when it was first found so
	 * @param takeable whether it is one to take
	 */
	private record Seen(Look look, Instant since, boolean takeable) {
	}

	/**
	 * What tells that somebody has changed a file.
	 *
	 * @param key which file it is, as another may have got its name
	 * @param modified when its content was changed, as its writer says
	 * @param changed when anything of it was changed, or null where that is not known
	 */
	private record Look(boolean regular, Object key, long size, Object modified, Object changed) {

		private static final String ATTRIBUTES = FileSystems.getDefault().supportedFileAttributeViews().contains("unix")
				? "unix:isRegularFile,fileKey,size,lastModifiedTime,ctime" : "*";

		/** The file as it is now, or null if it is gone. */
		static Look at(Path file) {
			try {
				Map<String, Object> found = Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
				return new Look((boolean) found.get("isRegularFile"), found.get("fileKey"), (long) found.get("size"),
						Objects.requireNonNull(found.get("lastModifiedTime")), found.get("ctime"));
			}
			catch (IOException ex) {
				return null;
			}
		}

	}

}
