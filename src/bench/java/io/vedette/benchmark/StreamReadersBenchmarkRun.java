package io.vedette.benchmark;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.vedette.packaged.Load;
import io.vedette.packaged.PackagedJar;
import io.vedette.packaged.Stage;
import io.vedette.standin.FreePort;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What readers of {@code GET /jobs/stream} cost that take nothing in while jobs change:
 * {@code ./mvnw -Pbenchmark verify -Dit.test=StreamReadersBenchmarkRun}, see
 * docs/performance.md.
 */
class StreamReadersBenchmarkRun {

	private static final int READERS = Integer.getInteger("benchmark.readers", 100);

	private static final int JOBS = Integer.getInteger("benchmark.jobs", 10_000);

	/** Jobs that are registered together; the heap is looked at after each. */
	private static final int PART = 1000;

	@AutoClose
	private final Stage stage = new Stage();

	@TempDir
	private Path directory;

	@Test
	void holdsNoMoreForReadersThatDoNotRead() throws Exception {
		int port = FreePort.find();
		try (PackagedJar jar = this.stage.launchWithWebhook(this.directory).port(port).heap("512m").start()) {
			change(jar, "young");
			Heap alone = change(jar, "alone");
			List<Socket> readers = new ArrayList<>();
			for (int i = 0; i < READERS; i++) {
				readers.add(deaf(port));
			}
			Heap beside = change(jar, "beside");
			int left = 0;
			for (Socket reader : readers) {
				left += isOpen(reader) ? 1 : 0;
				reader.close();
			}
			System.out.printf(Locale.ROOT,
					"%,d jobs, registered and ended: live heap %s without readers, %s beside %d that do not read; %d of "
							+ "them hung up%n",
					JOBS, alone, beside, READERS, READERS - left);
		}
	}

	/**
	 * Bytes of the heap that are live.
	 *
	 * @param most while jobs are under way
	 * @param after once all have ended and are told
	 */
	private record Heap(long most, long after) {

		@Override
		public String toString() {
			return String.format(Locale.ROOT, "%.1f MB at most, %.1f MB at the end", this.most / 1_048_576.0,
					this.after / 1_048_576.0);
		}

	}

	/** Has jobs registered and ended. */
	private Heap change(PackagedJar jar, String name) throws Exception {
		long most = 0;
		for (int from = 0; from < JOBS; from += PART) {
			Race.register(jar, "crm",
					Load.crun(name + from + "-", Math.min(PART, JOBS - from), Duration.ofMillis(500)));
			most = Math.max(most, jar.liveHeap());
		}
		while (!jar.isSettled()) {
			most = Math.max(most, jar.liveHeap());
			Thread.sleep(1000);
		}
		// Of the last changes readers hear within a second.
		Thread.sleep(1000);
		long after = jar.liveHeap();
		return new Heap(Math.max(most, after), after);
	}

	private static Socket deaf(int port) throws IOException {
		Socket socket = new Socket();
		socket.setReceiveBufferSize(4096);
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		socket.getOutputStream()
			.write("GET /jobs/stream HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	/** Whether there is no end of what it is told. */
	private static boolean isOpen(Socket reader) {
		try {
			reader.setSoTimeout(500);
			reader.getInputStream().transferTo(OutputStream.nullOutputStream());
			return false;
		}
		catch (SocketTimeoutException ex) {
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
