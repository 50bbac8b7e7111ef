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
import org.apache.camel.ExchangeException;
import org.apache.camel.Message;
import org.apache.camel.Variable;
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

	/**
	 * Notes why the picture is not there: {@code note} says it, {@code pictureIsLate}
	 * whether it may still come.
	 */
	public void missing(@ExchangeException Exception exception, Exchange exchange) {
		boolean late = exception instanceof IOException
				&& !(exception instanceof EgressRefusedException || exception instanceof ReplyRefusedException);
		String note = "picture: " + exception.getMessage();
		if (exception instanceof HttpOperationFailedException reply) {
			late = reply.getStatusCode() >= 500 || LATE.contains(reply.getStatusCode());
			note = "picture: HTTP " + reply.getStatusCode();
		}
		exchange.setVariable("note", note);
		exchange.setVariable("pictureIsLate", late);
	}

}
