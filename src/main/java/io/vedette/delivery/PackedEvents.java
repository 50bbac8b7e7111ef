package io.vedette.delivery;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * Events of a job as they are stored: a JSON array packed by gzip. What the events of a
 * job say alike, which is most of it, is stored once.
 */
final class PackedEvents {

	/** Events in one pack. */
	private static final int MOST_EVENTS = 500;

	/** Characters of their bodies: H2 stores a megabyte in one value. */
	private static final int MOST_TEXT = 256 * 1024;

	private PackedEvents() {
	}

	/**
	 * Where the pack ends that begins with an event; it has at least that one.
	 * @param from index of the first event of the pack
	 * @return index of the first event behind it
	 */
	static int end(List<Event> events, int from) {
		int most = Math.min(events.size(), from + MOST_EVENTS);
		int to = from + 1;
		for (int text = length(events, from); to < most && text + length(events, to) <= MOST_TEXT; to++) {
			text += length(events, to);
		}
		return to;
	}

	private static int length(List<Event> events, int index) {
		return events.get(index).body().length();
	}

	static byte[] pack(List<Event> events, JsonMapper json) {
		ByteArrayOutputStream packed = new ByteArrayOutputStream(1024);
		try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
			json.writeValue(gzip, events);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return packed.toByteArray();
	}

	static List<Event> unpack(byte[] packed, JsonMapper json) {
		try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
			return json.readValue(gzip, new TypeReference<>() {
			});
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
