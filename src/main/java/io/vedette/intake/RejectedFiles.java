package io.vedette.intake;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vedette.config.VedetteProperties;
import io.vedette.text.ForeignText;

import org.springframework.stereotype.Component;

/** What {@link Rejects} has written into a directory, for a person to read. */
@Component
public class RejectedFiles {

	/** Files that are looked at; retention deletes the old ones. */
	private static final int MOST = 10_000;

	/** Of each file so much is read, and so many reasons are shown. */
	private static final int HEAD = 65_536;

	private static final int REASONS = 5;

	private static final int LONGEST = 500;

	private final String uri;

	private final JsonMapper json;

	RejectedFiles(VedetteProperties properties, JsonMapper json) {
		this.json = json;
		this.uri = properties.rejected().uri();
	}

	/** A page of the files, the latest first. */
	public Page list(int from, int limit) {
		if (!IntakeRoutes.isDirectory(this.uri)) {
			return new Page(null, List.of(), false);
		}
		Path directory = Path.of(this.uri.replaceFirst("^file:(//)?", "").replaceFirst("\\?.*", ""));
		List<File> files = Files.isDirectory(directory) ? files(directory) : List.of();
		List<Rejected> shown = files.stream()
			.sorted(Comparator.comparing(File::at).reversed())
			.skip(from)
			.limit(limit)
			.map(this::read)
			.toList();
		return new Page(directory.toString(), shown, files.size() > from + limit);
	}

	private static List<File> files(Path directory) {
		List<File> files = new ArrayList<>();
		try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.{rows.ndjson,reason.json}")) {
			for (Path file : found) {
				if (files.size() < MOST && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
					files.add(new File(file, Files.getLastModifiedTime(file).toInstant()));
				}
			}
			return files;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (DirectoryIteratorException ex) {
			throw new UncheckedIOException(ex.getCause());
		}
	}

	private Rejected read(File file) {
		List<Reason> reasons = head(file.path()).lines()
			.limit(REASONS + 1)
			.map(this::reason)
			.flatMap(Optional::stream)
			.toList();
		return new Rejected(ForeignText.printable(file.path().getFileName().toString()), file.at(),
				reasons.stream().limit(REASONS).toList(), reasons.size() > REASONS);
	}

	private static String head(Path file) {
		try (InputStream content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
			return new String(content.readNBytes(HEAD), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			// Retention has been there first.
			return "";
		}
	}

	/** A line that was cut off has none. */
	private Optional<Reason> reason(String line) {
		try {
			JsonNode node = this.json.readTree(line);
			return Optional.of(new Reason(text(node.path("source")), text(node.path("row")), text(node.path("reason")),
					text(node.path("request"))));
		}
		catch (JsonProcessingException ex) {
			return Optional.empty();
		}
	}

	private static String text(JsonNode node) {
		String text = ForeignText.printable(node.isTextual() ? node.asText() : node.toString());
		return (text.length() > LONGEST) ? text.substring(0, LONGEST) + " ..." : text;
	}

	/**
	 * A page of files.
	 *
	 * @param directory where they are, or null where rejected requests go elsewhere
	 */
	public record Page(String directory, List<Rejected> files, boolean more) {
	}

	/**
	 * A file, and the first reasons in it.
	 *
	 * @param more whether there are more
	 */
	public record Rejected(String name, Instant at, List<Reason> reasons, boolean more) {
	}

	/** Why something could not be taken: a row, or a whole source. */
	public record Reason(String source, String row, String reason, String request) {
	}

	private record File(Path path, Instant at) {
	}

}
