package io.vedette.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;

import org.apache.hc.client5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpMessage;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.DefaultContentLengthStrategy;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.HttpMessageParserFactory;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.message.LazyLaxLineParser;
import org.apache.hc.core5.util.CharArrayBuffer;

/**
 * Reads the head of a reply, status line and headers, as browsers do: what is no header
 * is passed over, lines are of any length and number, together at most
 * {@link #MAX_BYTES}.
 */
final class BoundedHead implements HttpMessageParserFactory<ClassicHttpResponse> {

	static final int MAX_BYTES = 64 * 1024;

	/**
	 * Also for the connection, which bounds lines too: HttpClient's own bounds are
	 * narrower.
	 */
	static final Http1Config CONFIG = Http1Config.custom()
		.setMaxLineLength(2 * MAX_BYTES)
		.setMaxHeaderCount(MAX_BYTES)
		.build();

	private final HttpMessageParserFactory<ClassicHttpResponse> parsers = new DefaultHttpResponseParserFactory(CONFIG,
			new LaxLines(), null);

	@Override
	@Deprecated
	public HttpMessageParser<ClassicHttpResponse> create(Http1Config others) {
		return create();
	}

	@Override
	public HttpMessageParser<ClassicHttpResponse> create() {
		HttpMessageParser<ClassicHttpResponse> parser = this.parsers.create();
		return (buffer, in) -> parser.parse(buffer, new Head(in, MAX_BYTES - buffer.length()));
	}

	/**
	 * The length of a body, as its headers say: until the connection ends where they
	 * contradict each other or say nothing that can be read.
	 */
	static long bodyLength(HttpMessage response) {
		try {
			return DefaultContentLengthStrategy.INSTANCE.determineLength(response);
		}
		catch (HttpException ex) {
			return response.containsHeader(HttpHeaders.TRANSFER_ENCODING) ? ContentLengthStrategy.UNDEFINED
					: repeatedLength(response);
		}
	}

	/** The same length said twice, which RFC 9112 (section 6.3) lets pass. */
	private static long repeatedLength(HttpMessage response) {
		List<String> lengths = Stream.of(response.getHeaders(HttpHeaders.CONTENT_LENGTH))
			.flatMap((header) -> Stream.of(String.valueOf(header.getValue()).split(",")))
			.map(String::strip)
			.distinct()
			.toList();
		return (lengths.size() == 1 && lengths.get(0).matches("[0-9]{1,18}")) ? Long.parseLong(lengths.get(0))
				: ContentLengthStrategy.UNDEFINED;
	}

	private static final class LaxLines extends LazyLaxLineParser {

		@Override
		public Header parseHeader(CharArrayBuffer line) {
			try {
				return super.parseHeader(line);
			}
			catch (ParseException ex) {
				return new BasicHeader("unreadable", "");
			}
		}

	}

	/** Hands out no more than a head may have: the parser stops where the head ends. */
	private static final class Head extends FilterInputStream {

		private int left;

		Head(InputStream in, int left) {
			super(in);
			this.left = left;
		}

		@Override
		public int read(byte[] buffer, int offset, int length) throws IOException {
			if (this.left <= 0) {
				throw new ReplyRefusedException(
						"reply: status line and headers longer than %dKB; expected at most that."
							.formatted(MAX_BYTES / 1024));
			}
			int count = super.read(buffer, offset, Math.min(length, this.left));
			this.left -= Math.max(count, 0);
			return count;
		}

	}

}
