package io.vedette.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/** The body of a {@link Reply}, which hands out one and the same limited stream. */
final class LimitedEntity extends HttpEntityWrapper {

	private final Reply reply;

	private final boolean raw;

	private LimitedStream content;

	LimitedEntity(HttpEntity entity, Reply reply, boolean raw) {
		super(entity);
		this.reply = reply;
		this.raw = raw;
	}

	@Override
	public InputStream getContent() throws IOException {
		if (this.content == null) {
			this.content = new LimitedStream(super.getContent(), this.reply, this.raw);
		}
		return this.content;
	}

	@Override
	public void writeTo(OutputStream to) throws IOException {
		try (InputStream from = getContent()) {
			from.transferTo(to);
		}
	}

	@Override
	public void close() throws IOException {
		getContent().close();
	}

}
