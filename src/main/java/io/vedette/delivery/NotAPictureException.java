package io.vedette.delivery;

import org.apache.tika.mime.MediaType;

/**
 * What was fetched as the picture of a face is something else: mostly the page of a link
 * that has expired, or of one that is not ready yet.
 */
public class NotAPictureException extends Exception {

	private final boolean page;

	private NotAPictureException(String message, boolean page) {
		super(message);
		this.page = page;
	}

	/** Something that is no picture we save. */
	static NotAPictureException of(MediaType type) {
		boolean page = "text".equals(type.getType())
				|| "application".equals(type.getType()) && type.getSubtype().matches("(.*\\+)?(xml|json)");
		return new NotAPictureException(
				"its link leads to %s; expected an image. The link may have expired.".formatted(type), page);
	}

	static NotAPictureException nothing() {
		return new NotAPictureException("its link leads to nothing; expected an image. The link may have expired.",
				true);
	}

	static NotAPictureException unreadable() {
		return new NotAPictureException("a data URL that can't be read; expected data:image/TYPE;base64,...", false);
	}

	/**
	 * Whether it is text or nothing, as servers answer as long as a picture is being
	 * made.
	 */
	boolean isPage() {
		return this.page;
	}

}
