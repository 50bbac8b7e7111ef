package io.vedette.job;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a job analyses. Jobs of one kind take about as long as each other. */
public enum MediaKind {

	IMAGE("jpg", "jpeg", "jfif", "png", "webp", "bmp", "tif", "tiff", "heic", "heif", "avif"),
	VIDEO("mp4", "m4v", "mov", "qt", "webm", "mkv", "avi", "wmv", "flv", "mpg", "mpeg", "3gp", "ogv"), GIF("gif");

	private final List<String> extensions;

	MediaKind(String... extensions) {
		this.extensions = List.of(extensions);
	}

	/**
	 * What the path of a URL ends with, whatever its query and fragment say.
	 * @param mediaUrl the URL, or null
	 * @return null if that tells nothing
	 */
	public static MediaKind of(String mediaUrl) {
		String path = (mediaUrl != null) ? mediaUrl.split("[?#]", 2)[0] : "";
		String extension = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
		return Arrays.stream(values()).filter((kind) -> kind.extensions.contains(extension)).findFirst().orElse(null);
	}

	/** The kind of that label, or empty. */
	public static Optional<MediaKind> labelled(String label) {
		return Arrays.stream(values()).filter((kind) -> kind.label().equals(label)).findFirst();
	}

	/** What requests, rows and events call it. */
	@JsonValue
	public String label() {
		return name().toLowerCase(Locale.ROOT);
	}

}
