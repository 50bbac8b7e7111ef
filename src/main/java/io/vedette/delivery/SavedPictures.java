package io.vedette.delivery;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.vedette.job.Job;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MimeTypes;

import org.springframework.stereotype.Component;

/**
 * The pictures that files targets have saved, for a person to see. Where one is follows
 * from the ids of its job and face alone.
 */
@Component
public class SavedPictures {

	/** What each browser shows, by the extension that {@link Pictures} has given it. */
	private static final List<String> SHOWN = List.of("png", "jpg", "gif", "webp");

	private static final List<String> TYPES = List.of("image/png", "image/jpeg", "image/gif", "image/webp");

	private final Targets targets;

	SavedPictures(Targets targets) {
		this.targets = targets;
	}

	/** The picture of a face, if it was saved and a browser can show it. */
	public Optional<Picture> find(Job job, String faceId) {
		String name = "face-" + SafeName.of(faceId);
		return this.targets.directories()
			.stream()
			.map((directory) -> directory.resolve(Delivery.directoryOf(job)))
			.flatMap((directory) -> SHOWN.stream().map((extension) -> directory.resolve(name + "." + extension)))
			.filter((file) -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
			.flatMap(this::picture)
			.findFirst();
	}

	/** Whatever its name says, its first bytes decide. */
	private Stream<Picture> picture(Path file) {
		try (InputStream stream = Files.newInputStream(file)) {
			MimeTypes types = MimeTypes.getDefaultMimeTypes();
			byte[] head = stream.readNBytes(types.getMinLength());
			String type = types.detect(new ByteArrayInputStream(head), new Metadata()).toString();
			return TYPES.contains(type) ? Stream.of(new Picture(file, type)) : Stream.empty();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A picture.
	 *
	 * @param type its true media type
	 */
	public record Picture(Path file, String type) {
	}

}
