package io.vedette.delivery;

import org.apache.tika.mime.MediaType;

/**
 * What was fetched as the picture of a face is something else, mostly the error page of a
 * link that has expired.
 */
public class NotAPictureException extends Exception {

	NotAPictureException(MediaType type) {
		super("its link leads to %s; expected an image. The link may have expired.".formatted(type));
	}

}
