package io.vedette.delivery;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

import io.vedette.egress.EgressGuard;
import io.vedette.egress.EgressRefusedException;
import io.vedette.http.ReplyRefusedException;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Variable;
import org.apache.camel.component.file.GenericFileOperationFailedException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MimeTypeException;
import org.apache.tika.mime.MimeTypes;

import org.springframework.stereotype.Component;

/** Checks where a picture is fetched from, and what was fetched. */
@Component("pictures")
public class Pictures {

	/**
	 * Request Timeout, Too Early, Too Many Requests: the client errors after which the
	 * same request may do.
	 */
	private static final Set<Integer> LATE = Set.of(408, 425, 429);

	/** A store of objects says both of one that is not there yet. */
	private static final Set<Integer> NOT_YET = Set.of(403, 404);

	private final MimeTypes types = MimeTypes.getDefaultMimeTypes();

	private final EgressGuard guard;

	Pictures(EgressGuard guard) {
		this.guard = guard;
	}

	/** Sets the picture's URL, as far as a URL may be asked for at all. */
	public void address(@Variable("delivery") Delivery delivery, Message message) throws IOException {
		message.setHeader(Exchange.HTTP_URI, this.guard.check(delivery.event().imageUrl()));
	}

	/**
	 * Looks at the first bytes of what was fetched, sets the file name with the extension
	 * of what it really is, and leaves the stream at its beginning.
	 * @throws NotAPictureException if it is no picture
	 */
	public void name(@Variable("delivery") Delivery delivery, @Body InputStream body, Message message)
			throws IOException, NotAPictureException, MimeTypeException {
		InputStream stream = new BufferedInputStream((body != null) ? body : InputStream.nullInputStream(), 65_536);
		MediaType type = this.types.detect(stream, new Metadata());
		// An SVG is a document that may hold scripts, and no provider crops a face as
		// one.
		if (!"image".equals(type.getType()) || type.getSubtype().startsWith("svg")) {
			throw new NotAPictureException(type);
		}
		message.setBody(stream);
		message.setHeader(Exchange.FILE_NAME, delivery.directory() + "/" + delivery.event().fileName()
				+ this.types.forName(type.toString()).getExtension());
	}

	/** Says why a picture is not there, and whether it may still come. */
	Missing missing(Exception exception) {
		String note = "picture: " + Failure.printable(String.valueOf(exception.getMessage()));
		if (exception instanceof HttpOperationFailedException reply) {
			return new Missing("picture: HTTP " + reply.getStatusCode(), kindOf(reply.getStatusCode()));
		}
		if (exception instanceof NotAPictureException) {
			return new Missing(note, Missing.Kind.NOT_YET);
		}
		boolean refused = exception instanceof EgressRefusedException || exception instanceof ReplyRefusedException;
		boolean late = exception instanceof IOException && !refused
				|| exception instanceof GenericFileOperationFailedException;
		return new Missing(note, late ? Missing.Kind.LATE : Missing.Kind.GONE);
	}

	private static Missing.Kind kindOf(int status) {
		if (status >= 500 || LATE.contains(status)) {
			return Missing.Kind.LATE;
		}
		return NOT_YET.contains(status) ? Missing.Kind.NOT_YET : Missing.Kind.GONE;
	}

}
