package io.vedette.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

import org.apache.hc.client5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
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

	private final HttpMessageParserFactory<ClassicHttpResponse> parsers = new DefaultHttpResponseParserFactory(
			new LaxLines(), null);

	@Override
	public HttpMessageParser<ClassicHttpResponse> create(Http1Config config) {
		HttpMessageParser<ClassicHttpResponse> parser = this.parsers.create(config);
		return (buffer, in) -> parser.parse(buffer, new Head(in, MAX_BYTES - buffer.length()));
	}

	/**
	 * The length of a body whose headers say it: until the connection ends where they
	 * contradict themselves or say nothing that can be read.
	 */
	static long bodyLength(HttpMessage response) {
		try {
			return DefaultContentLengthStrategy.INSTANCE.determineLength(response);
		}
		catch (HttpException ex) {
			return DefaultContentLengthStrategy.UNDEFINED;
		}
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
