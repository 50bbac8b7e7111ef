package io.vedette.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.InflaterInputStream;

import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/** A body whose compression is undone, if it was done. Its content is asked for once. */
final class DecompressedEntity extends HttpEntityWrapper {

	private final boolean again;

	private final Reply reply;

	/**
	 * @param again whether the reply announces more than one compression
	 */
	DecompressedEntity(HttpEntity entity, boolean again, Reply reply) {
		super(entity);
		this.again = again;
		this.reply = reply;
	}

	@Override
	public InputStream getContent() throws IOException {
		InputStream once = ContentCodings.decompress(super.getContent());
		if (!this.again) {
			return once;
		}
		InputStream twice = ContentCodings.decompress(once);
		if (twice instanceof InflaterInputStream) {
			throw this.reply.refused("compressed more than once");
		}
		return twice;
	}

	@Override
	public long getContentLength() {
		return -1;
	}

	@Override
	public String getContentEncoding() {
		return null;
	}

}
