package io.vedette.api;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Callers that send a body a byte at a time, for as long as they may. */
final class SlowCallers implements AutoCloseable {

	private static final Duration WHOLE_DEADLINE = Duration.ofSeconds(40);

	private final List<RawCall> calls;

	private final String more;

	private SlowCallers(List<RawCall> calls, String more) {
		this.calls = calls;
		this.more = more;
	}

	/** So many callers with further headers, and a body of a length that is known. */
	static SlowCallers withLength(int count, int port, String headers) {
		return open(count, port, headers + "Content-Length: 100000\n\n", " ");
	}

	/** The same with a body in chunks. */
	static SlowCallers withChunks(int count, int port, String headers) {
		return open(count, port, headers + "Transfer-Encoding: chunked\n\n", "1\r\n \r\n");
	}

	private static SlowCallers open(int count, int port, String headers, String more) {
		String head = "POST /jobs HTTP/1.1\nHost: localhost\nContent-Type: application/json\n" + headers;
		return new SlowCallers(IntStream.range(0, count).mapToObj((number) -> RawCall.open(port, head)).toList(), more);
	}

	/** Sends on until all are cut off; meanwhile somebody else must be served. */
	static void awaitEnd(BooleanSupplier others, SlowCallers... groups) {
		await().atMost(WHOLE_DEADLINE).pollInterval(Duration.ofMillis(50)).until(() -> {
			assertThat(others.getAsBoolean()).as("others are served").isTrue();
			return List.of(groups).stream().map(SlowCallers::send).reduce(0L, Long::sum) == 0;
		});
	}

	private long send() {
		return this.calls.stream().filter((call) -> call.sends(this.more)).count();
	}

	/** Who sends while the connection ends may lose the answer, but gets no other one. */
	void assertMostWereTold(String status) {
		List<String> replies = this.calls.stream().map(RawCall::reply).filter((reply) -> !reply.isEmpty()).toList();
		assertThat(replies).hasSizeGreaterThan(this.calls.size() / 2).allMatch((reply) -> reply.startsWith(status));
	}

	@Override
	public void close() throws IOException {
		for (RawCall call : this.calls) {
			call.close();
		}
	}

}
