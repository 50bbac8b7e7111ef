package io.vedette.intake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import io.vedette.config.VedetteProperties;
import org.apache.camel.CamelContext;
import org.apache.camel.component.file.FileEndpoint;

import org.springframework.stereotype.Component;

/** Files that were taken or rejected: they are kept as long as the jobs are. */
@Component("intakeFiles")
public class IntakeFiles {

	private static final String CHANGED = FileSystems.getDefault().supportedFileAttributeViews().contains("unix")
			? "unix:ctime" : "lastModifiedTime";

	private final CamelContext camel;

	private final VedetteProperties properties;

	private final Clock clock;

	IntakeFiles(CamelContext camel, VedetteProperties properties, Clock clock) {
		this.camel = camel;
		this.properties = properties;
		this.clock = clock;
	}

	/**
	 * Deletes what was moved to {@code .done} or {@code .rejected} beside a directory's
	 * files, and what was set aside in the rejected place, before the retention began.
	 */
	public void forget() {
		Instant moment = this.clock.instant().minus(this.properties.retention());
		this.properties.intakes()
			.values()
			.stream()
			.map(VedetteProperties.Intake::uri)
			.filter(IntakeRoutes::isDirectory)
			.map(this::directory)
			.flatMap((directory) -> Stream.of(directory.resolve(".done"), directory.resolve(".rejected")))
			.forEach((directory) -> delete(directory, ".*", moment));
		String rejected = this.properties.rejected().uri();
		if (IntakeRoutes.isDirectory(rejected)) {
			delete(directory(rejected), Rejects.NAMES, moment);
		}
	}

	private Path directory(String uri) {
		return this.camel.getEndpoint(uri, FileEndpoint.class).getFile().toPath();
	}

	static void delete(Path directory, String names, Instant moment) {
		try (Stream<Path> files = Files.walk(directory)) {
			List<Path> old = files.filter((file) -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
				.filter((file) -> file.getFileName().toString().matches("(?s)" + names))
				.filter((file) -> isOlder(file, moment))
				.toList();
			for (Path file : old) {
				Files.deleteIfExists(file);
			}
		}
		catch (NoSuchFileException ex) {
			// Nothing has been moved there yet.
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** A move leaves the time of the content alone, and counts. */
	private static boolean isOlder(Path file, Instant moment) {
		try {
			FileTime changed = (FileTime) Files.getAttribute(file, CHANGED, LinkOption.NOFOLLOW_LINKS);
			return changed.toInstant().isBefore(moment);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
