package io.vedette.delivery;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;

import io.vedette.egress.EgressGuard;
import io.vedette.egress.EgressRefusedException;
import io.vedette.http.ExactUrl;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/** Checks where a picture is fetched from, and what was fetched. */
@Component("pictures")
public class Pictures {

	private static final Logger logger = LoggerFactory.getLogger(Pictures.class);

	/**
	 * Request Timeout, Too Early, Too Many Requests: the client errors after which the
	 * same request may do.
	 */
	private static final Set<Integer> LATE = Set.of(408, 425, 429);

	/** What stores of files say of one that is not there yet. */
	private static final Set<Integer> NOT_YET = Set.of(403, 404);

	/**
	 * Pictures made of dots. Others, such as SVG and WMF, are documents that may hold
	 * scripts or refer to others, and no provider crops a face as one.
	 */
	private static final Set<String> TYPES = Set.of("png", "jpeg", "webp", "gif", "bmp", "tiff", "heic",
			"heic-sequence", "heif", "heif-sequence", "avif");

	private final EgressGuard guard;

	private final Targets targets;

	Pictures(EgressGuard guard, Targets targets) {
		this.guard = guard;
		this.targets = targets;
	}

	/** Whether the picture is in its URL already, so that nothing is to be fetched. */
	public boolean isInline(@Variable("delivery") Delivery delivery) {
		return DataUrl.is(delivery.event().imageUrl());
	}

	/**
	 * The picture that a {@code data:} URL holds.
	 * @throws NotAPictureException if it can't be read
	 */
	public byte[] inline(@Variable("delivery") Delivery delivery) throws NotAPictureException {
		try {
			return DataUrl.bytes(delivery.event().imageUrl());
		}
		catch (IllegalArgumentException ex) {
			throw NotAPictureException.unreadable();
		}
	}

	/** Sets the picture's URL, as far as a URL may be asked for at all. */
	public void address(@Variable("delivery") Delivery delivery, Message message) throws IOException {
		ExactUrl.set(message, this.guard.check(delivery.event().imageUrl()));
	}

	/**
	 * Looks at the first bytes of what was fetched, sets the file name with the extension
	 * of what it really is, and leaves the stream at its beginning.
	 * @throws NotAPictureException if it is no picture
	 */
	public void name(@Variable("delivery") Delivery delivery, @Body InputStream body, Message message)
			throws IOException, NotAPictureException, MimeTypeException {
		InputStream stream = new BufferedInputStream((body != null) ? body : InputStream.nullInputStream(), 65_536);
		if (!skipBlanks(stream)) {
			throw NotAPictureException.nothing();
		}
		MimeTypes types = MimeTypes.getDefaultMimeTypes();
		MediaType type = types.detect(stream, new Metadata());
		if (!"image".equals(type.getType()) || !TYPES.contains(type.getSubtype())) {
			throw NotAPictureException.of(type);
		}
		message.setBody(stream);
		message.setHeader(Exchange.FILE_NAME, delivery.directory() + "/" + delivery.event().fileName()
				+ types.forName(type.toString()).getExtension());
	}

	/** Says why a picture is not there, and whether it may still come. */
	Missing missing(Exception exception) {
		String note = "picture: " + Failure.printable(String.valueOf(exception.getMessage()));
		if (exception instanceof HttpOperationFailedException reply) {
			return new Missing("picture: HTTP " + reply.getStatusCode(), kindOf(reply.getStatusCode()));
		}
		// An empty reply, or a page where the picture should be: so servers answer while
		// it
		// is being made or copied.
		if (exception instanceof NotAPictureException other) {
			return new Missing(note, other.isPage() ? Missing.Kind.NOT_YET : Missing.Kind.GONE);
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

	/**
	 * Some servers send line ends or a byte order mark before a picture.
	 * @return whether anything follows
	 */
	private static boolean skipBlanks(InputStream stream) throws IOException {
		stream.mark(1);
		int octet = stream.read();
		while ("\t\n\r \u00ef\u00bb\u00bf".indexOf(octet) >= 0) {
			stream.mark(1);
			octet = stream.read();
		}
		stream.reset();
		return octet >= 0;
	}

	/** Removes what was written of a picture that broke off. */
	void removeParts(Delivery delivery) {
		this.targets.find(delivery.target())
			.filter((target) -> this.targets.kind(target).equals(Targets.FILES))
			.map((target) -> Targets.directory(target).resolve(delivery.directory()))
			.ifPresent((directory) -> removeParts(directory, delivery));
	}

	/** Temporary files of this picture, and no other's: ids of faces may hold dots. */
	private static void removeParts(Path directory, Delivery delivery) {
		String start = "." + delivery.event().fileName() + ".";
		try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, start + "*")) {
			for (Path part : parts) {
				String extension = part.getFileName().toString().substring(start.length());
				if (!extension.contains(".") && !extension.equals("json")) {
					Files.deleteIfExists(part);
				}
			}
		}
		catch (NoSuchFileException ex) {
			// Nothing was written for this job yet.
		}
		catch (IOException ex) {
			logger.warn("{}: part of a picture is left in its directory: {}", delivery, ex.getMessage());
		}
	}

}
