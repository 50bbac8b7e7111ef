package io.vedette.intake;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vedette.text.ForeignText;

/**
 * The job requests of one file or message, a batch at a time. Reading ends at the first
 * place that can't be made sense of; what stands before it is good.
 */
public final class Requests implements Iterator<List<Row>> {

	/** How many requests are stored in one transaction. */
	static final int BATCH = 1000;

	/** How much of a source is read for them, in bytes: rows may be large. */
	static final int BATCH_BYTES = 8 << 20;

	private final CountedStream body;

	private final Opening opening;

	private final String batch;

	private final BooleanSupplier stops;

	private Source source;

	private List<Row> next;

	private int rows;

	/** Whether there are requests that name no batch ... */
	private boolean own;

	/** ... and such that do. */
	private boolean others;

	private String problem;

	Requests(InputStream body, Opening opening) {
		this(body, opening, null, () -> false);
	}

	/**
	 * Job requests of a file.
	 * @param batch of those that name none, or null
	 * @param stops whether nobody will store what is still to be read
	 */
	Requests(InputStream body, Opening opening, String batch, BooleanSupplier stops) {
		this.batch = batch;
		this.stops = stops;
		this.body = new CountedStream(body);
		this.opening = opening;
		this.next = read();
	}

	/** No job requests, because there is nothing that could be read. */
	static Requests none(String problem) {
		Requests none = new Requests(InputStream.nullInputStream(), (body) -> () -> null);
		none.problem = problem;
		return none;
	}

	/** Opens the source when its first row is read: it may fail as any row may. */
	interface Opening {

		Source open(InputStream body) throws IOException;

	}

	/** Where rows come from. */
	interface Source {

		/** The next row, or null at the end. */
		Row next() throws IOException;

	}

	/**
	 * Why reading ended early, or null if everything was read. Known once the last batch
	 * is.
	 */
	public String getProblem() {
		return this.problem;
	}

	/**
	 * The batch of the requests that name none, or null if there is none: each that is
	 * good names another one.
	 */
	String batch() {
		return (this.own || !this.others) ? this.batch : null;
	}

	@Override
	public boolean hasNext() {
		return !this.next.isEmpty();
	}

	/**
	 * The next batch.
	 * @throws RejectedExecutionException if Vedette stops. Then there is none any more,
	 * as Camel's Splitter reads on to the end of what it has broken off.
	 */
	@Override
	public List<Row> next() {
		if (!hasNext()) {
			throw new NoSuchElementException();
		}
		if (this.stops.getAsBoolean()) {
			this.next = List.of();
			throw new RejectedExecutionException("Vedette stops, and reads it again when it starts");
		}
		List<Row> batch = this.next;
		this.next = read();
		return batch;
	}

	private List<Row> read() {
		List<Row> batch = new ArrayList<>();
		try {
			this.source = (this.source != null) ? this.source : this.opening.open(this.body);
			long end = this.body.count + BATCH_BYTES;
			while (this.problem == null && batch.size() < BATCH && this.body.count < end) {
				Row row = this.source.next();
				if (row == null) {
					break;
				}
				batch.add((this.batch != null) ? inBatch(row) : row);
				this.rows++;
			}
			if (this.rows == 0) {
				this.problem = "no job request in it; expected at least one. Write {\"provider\":\"...\",\"jobId\":\"...\"}.";
			}
		}
		catch (JsonProcessingException ex) {
			this.problem = "unreadable after %d requests, at line %d, column %d: %s; expected well-formed JSON or CSV. Correct it and send it again: what was taken already is not taken twice."
				.formatted(this.rows, ex.getLocation().getLineNr(), ex.getLocation().getColumnNr(),
						ForeignText.printable(ex.getOriginalMessage()));
		}
		catch (CharacterCodingException ex) {
			this.problem = "unreadable after %d requests: not UTF-8. Save it as UTF-8 and send it again: what was taken already is not taken twice."
				.formatted(this.rows);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return batch;
	}

	private Row inBatch(Row row) {
		if (row.request() == null) {
			return row;
		}
		boolean names = row.request().batch() != null;
		this.own |= !names;
		this.others |= names;
		return names ? row : new Row(row.number(), row.raw(), row.request().inBatch(this.batch), null);
	}

	private static final class CountedStream extends FilterInputStream {

		private long count;

		CountedStream(InputStream stream) {
			super(stream);
		}

		@Override
		public int read() throws IOException {
			int read = super.read();
			this.count += (read != -1) ? 1 : 0;
			return read;
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			int read = super.read(bytes, offset, length);
			this.count += Math.max(read, 0);
			return read;
		}

	}

}
