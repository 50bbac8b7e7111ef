package io.vedette.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import io.vedette.api.JobHistory.News;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.server.ResponseStatusException;

/**
 * Server-sent events about jobs. What has changed is read once for all readers and kept
 * for a while; each reader is written to when its connection takes more, and no thread
 * and no memory waits for it: one that has fallen behind is hung up. It comes back with
 * the id of the last event it has seen, and is told from the rows what it has missed. An
 * id is a moment up to which all is told, so that the last few seconds may be told twice.
 */
@Component
public class JobStream {

	static final int MOST_READERS = 200;

	/**
	 * A change can be written down that long after its moment: by a slow transaction, or
	 * another node's clock.
	 */
	static final Duration LATE = Duration.ofSeconds(5);

	private static final Duration HEARTBEAT = Duration.ofSeconds(15);

	/** A connection that takes nothing for so long is given up. */
	private static final Duration PATIENCE = Duration.ofMinutes(1);

	/** What is kept for readers, in bytes. */
	private static final long MOST_KEPT = DataSize.ofMegabytes(4).toBytes();

	/** Changes that are read at once. */
	private static final int PAGE = 200;

	/** How often a page is told to look at what no row says. */
	private static final Duration BEAT = Duration.ofSeconds(3);

	private static final byte[] LOOK = "event: beat\ndata: look\n\n".getBytes(StandardCharsets.UTF_8);

	private static final byte[] NOTHING = ":\n\n".getBytes(StandardCharsets.UTF_8);

	private static final Logger logger = LoggerFactory.getLogger(JobStream.class);

	private final Set<Reader> readers = ConcurrentHashMap.newKeySet();

	private final JobHistory history;

	private final JsonMapper json;

	private final Clock clock;

	private final NavigableMap<Long, byte[]> kept = new TreeMap<>();

	private long keptBytes;

	/** What was told of late, and when it had happened. */
	private final Map<String, Instant> recent = new HashMap<>();

	private long number;

	/** Up to when all is told; null while nobody reads. */
	private Instant lookedAt;

	/** When the first job ended that was known then, or null. */
	private Instant firstEnd;

	JobStream(JobHistory history, JsonMapper json, Clock clock) {
		this.history = history;
		this.json = json;
		this.clock = clock;
	}

	/**
	 * Begins to tell a reader.
	 * @param since the id of the last event it has seen, or null for news alone
	 */
	void open(HttpServletRequest request, HttpServletResponse response, Instant since) throws IOException {
		open(request, response, since, false);
	}

	/**
	 * Begins to tell the page: news, and every few seconds that it is time to look again.
	 */
	public void openForPage(HttpServletRequest request, HttpServletResponse response) throws IOException {
		open(request, response, null, true);
	}

	private void open(HttpServletRequest request, HttpServletResponse response, Instant since, boolean beats)
			throws IOException {
		if (this.readers.size() >= MOST_READERS) {
			throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE,
					"stream: %d callers read it already; none more may. Try it again later.".formatted(MOST_READERS));
		}
		response.setContentType("text/event-stream;charset=UTF-8");
		AsyncContext async = request.startAsync();
		async.setTimeout(0);
		Reader reader = new Reader(async, response.getOutputStream(), since, beats);
		async.addListener(reader);
		synchronized (this) {
			if (this.lookedAt == null) {
				this.lookedAt = this.clock.instant();
			}
			reader.position = this.number;
		}
		this.readers.add(reader);
		reader.output.setWriteListener(reader);
	}

	/** A stop waits for no reader. */
	@EventListener(ContextClosedEvent.class)
	void stop() {
		this.readers.forEach(Reader::end);
	}

	/** How many read. */
	int size() {
		return this.readers.size();
	}

	/** Looks for changes, and writes to who takes more. */
	void tell() {
		if (this.readers.isEmpty()) {
			forget();
			return;
		}
		look();
		this.readers.forEach((reader) -> {
			if (reader.isLost()) {
				reader.end();
			}
			else {
				reader.write();
			}
		});
	}

	private synchronized void forget() {
		if (this.readers.isEmpty()) {
			this.lookedAt = null;
			this.firstEnd = null;
			this.kept.clear();
			this.keptBytes = 0;
			this.recent.clear();
		}
	}

	private synchronized void look() {
		Instant now = this.clock.instant();
		Instant told = now.minus(LATE);
		Instant from = this.lookedAt.minus(LATE);
		Instant begin = from;
		List<News> page;
		do {
			page = this.history.since(begin, PAGE);
			for (News news : page) {
				begin = news.at();
				if (this.recent.put(news.key(), news.at()) == null) {
					keep(event(news, told));
				}
			}
		}
		while (page.size() >= PAGE);
		lookAtRetention(told);
		this.recent.values().removeIf((at) -> at.isBefore(from));
		this.lookedAt = now;
	}

	private void lookAtRetention(Instant told) {
		Instant first = this.history.firstEnd();
		if (this.firstEnd != null && !this.firstEnd.equals(first) && this.history.isOld(this.firstEnd)) {
			keep(event(this.history.retention(first), told));
		}
		this.firstEnd = first;
	}

	private void keep(byte[] text) {
		this.kept.put(++this.number, text);
		this.keptBytes += text.length;
		while (this.keptBytes > MOST_KEPT) {
			this.keptBytes -= this.kept.pollFirstEntry().getValue().length;
		}
	}

	private byte[] event(News news, Instant told) {
		return "id: %s\nevent: %s\ndata: %s\n\n"
			.formatted(told, news.type(), this.json.writeValueAsString(news.data().get()))
			.getBytes(StandardCharsets.UTF_8);
	}

	/** What comes behind a number, or null if nothing does yet. */
	private synchronized byte[] behind(long position) {
		return this.kept.get(position + 1);
	}

	/** Whether what comes behind a number is no longer kept. */
	private synchronized boolean isGone(long position) {
		return position < this.number && !this.kept.containsKey(position + 1);
	}

	/** One reader, and how far it has come. */
	private final class Reader implements WriteListener, AsyncListener {

		private final AsyncContext async;

		private final ServletOutputStream output;

		/** What is read from the rows and not written yet: a page at most. */
		private final Deque<byte[]> next = new ArrayDeque<>();

		/** Where it reads the rows, or null once it has come to the news. */
		private volatile Instant since;

		private volatile long position;

		private volatile Instant writtenAt;

		private volatile boolean over;

		/** When it is told to look again, or null where it does not want that. */
		private Instant beatsAt;

		Reader(AsyncContext async, ServletOutputStream output, Instant since, boolean beats) {
			this.async = async;
			this.output = output;
			this.since = since;
			this.writtenAt = JobStream.this.clock.instant();
			this.beatsAt = beats ? this.writtenAt.plus(BEAT) : null;
			this.next.add(NOTHING);
		}

		@Override
		public void onWritePossible() {
			write();
		}

		/** Writes as much as the connection takes now. */
		synchronized void write() {
			try {
				while (!this.over && this.output.isReady()) {
					byte[] text = read();
					if (text == null) {
						flush();
						return;
					}
					this.output.write(text);
					this.writtenAt = JobStream.this.clock.instant();
				}
			}
			catch (IOException | IllegalStateException ex) {
				end();
			}
			catch (DataAccessException ex) {
				logger.debug("changes of jobs are not there to be read", ex);
			}
		}

		private void flush() throws IOException {
			Instant now = JobStream.this.clock.instant();
			if (this.writtenAt.plus(HEARTBEAT).isBefore(now)) {
				this.next.add(NOTHING);
			}
			if (this.output.isReady()) {
				this.output.flush();
			}
		}

		private byte[] read() {
			if (this.next.isEmpty() && this.since != null) {
				readRows();
			}
			if (!this.next.isEmpty() || this.since != null) {
				return this.next.poll();
			}
			byte[] news = behind(this.position);
			this.position += (news != null) ? 1 : 0;
			return (news != null) ? news : beat();
		}

		private byte[] beat() {
			Instant now = JobStream.this.clock.instant();
			if (this.beatsAt == null || now.isBefore(this.beatsAt)) {
				return null;
			}
			this.beatsAt = now.plus(BEAT);
			return LOOK;
		}

		private void readRows() {
			Instant latest = JobStream.this.clock.instant().minus(LATE);
			List<News> missed = JobStream.this.history.since(this.since, PAGE);
			missed.forEach((news) -> this.next.add(event(news, news.at().isBefore(latest) ? news.at() : latest)));
			if (missed.size() >= PAGE) {
				this.since = missed.get(missed.size() - 1).at();
				return;
			}
			this.next.add(event(JobStream.this.history.retention(JobStream.this.history.firstEnd()), latest));
			this.since = null;
		}

		/** Whether it has fallen behind what is kept, or its connection takes nothing. */
		private boolean isLost() {
			return this.since == null && isGone(this.position)
					|| this.writtenAt.plus(PATIENCE).isBefore(JobStream.this.clock.instant());
		}

		/** Not synchronized: who is being written to is not waited for. */
		private void end() {
			JobStream.this.readers.remove(this);
			this.over = true;
			try {
				DoorValve.hangUp(this.async.getRequest());
				this.async.complete();
			}
			catch (IllegalStateException ex) {
				// It has ended already.
			}
		}

		@Override
		public void onError(Throwable fault) {
			JobStream.this.readers.remove(this);
		}

		@Override
		public void onComplete(AsyncEvent event) {
			JobStream.this.readers.remove(this);
		}

		@Override
		public void onTimeout(AsyncEvent event) {
			// It has none.
		}

		@Override
		public void onError(AsyncEvent event) {
			JobStream.this.readers.remove(this);
		}

		@Override
		public void onStartAsync(AsyncEvent event) {
			// It starts once.
		}

	}

}
