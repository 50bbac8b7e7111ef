package io.vedette.delivery;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Which outcomes share a transaction, and what becomes of those beside a bad one. */
class GroupCommitTest {

	private static final String BAD = "bad";

	private static final String LARGE = "large";

	private static final int MOST = 20;

	private final Queue<Thread> started = new ConcurrentLinkedQueue<>();

	private final ExecutorService threads = Executors.newCachedThreadPool(this::thread);

	private final Queue<List<String>> transactions = new ConcurrentLinkedQueue<>();

	private final CountDownLatch busy = new CountDownLatch(1);

	private volatile RuntimeException fault;

	private volatile Error error;

	private final GroupCommit<String, String> commits = new GroupCommit<>(GroupCommitTest::rows, MOST, this::store);

	private static int rows(String item) {
		return item.startsWith(LARGE) ? MOST + 1 : 1;
	}

	private List<String> store(List<String> group) {
		this.transactions.add(group);
		if (group.contains("first")) {
			awaitTurn();
			return group;
		}
		if (this.error != null) {
			throw this.error;
		}
		if (this.fault != null && (group.contains(BAD) || this.fault instanceof CannotGetJdbcConnectionException)) {
			throw this.fault;
		}
		return group.stream().map((item) -> item + " stored").toList();
	}

	private void awaitTurn() {
		try {
			this.busy.await(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Thread thread(Runnable work) {
		Thread thread = new Thread(work);
		this.started.add(thread);
		return thread;
	}

	@AfterEach
	void end() {
		this.threads.shutdownNow();
	}

	/** All but the first come while the first is being stored. */
	private List<CompletableFuture<String>> storeWhileBusy(List<String> items) {
		CompletableFuture<String> first = submit("first");
		await().until(() -> this.transactions.size() == 1);
		List<CompletableFuture<String>> rest = items.stream().map(this::submit).toList();
		await().until(() -> this.started.stream()
			.filter((thread) -> thread.getState() == Thread.State.WAITING)
			.count() == items.size());
		this.busy.countDown();
		assertThat(first).succeedsWithin(10, TimeUnit.SECONDS);
		return rest;
	}

	private CompletableFuture<String> submit(String item) {
		return CompletableFuture.supplyAsync(() -> this.commits.store(item), this.threads);
	}

	@Test
	void storesTogetherWhatIsReadyWhileAnotherIsUnderWay() throws Exception {
		List<String> items = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
		List<CompletableFuture<String>> results = storeWhileBusy(items);
		for (int i = 0; i < items.size(); i++) {
			assertThat(results.get(i).get(10, TimeUnit.SECONDS)).isEqualTo(i + " stored");
		}
		assertThat(this.transactions).hasSize(2);
		assertThat(List.copyOf(this.transactions).get(1)).containsExactlyInAnyOrderElementsOf(items);
	}

	@Test
	void storesNoMoreTogetherThanAGroupMayHave() throws Exception {
		List<String> items = IntStream.range(0, 3 * MOST).mapToObj(Integer::toString).toList();
		List<CompletableFuture<String>> results = storeWhileBusy(items);
		for (int i = 0; i < items.size(); i++) {
			assertThat(results.get(i).get(10, TimeUnit.SECONDS)).isEqualTo(i + " stored");
		}
		assertThat(this.transactions).extracting(List::size).containsExactly(1, MOST, MOST, MOST);
	}

	@Test
	void storesAloneWhatIsLargerThanAGroup() throws Exception {
		List<CompletableFuture<String>> results = storeWhileBusy(List.of(LARGE + 1, LARGE + 2, LARGE + 3));
		for (int i = 0; i < results.size(); i++) {
			assertThat(results.get(i).get(10, TimeUnit.SECONDS)).isEqualTo(LARGE + (i + 1) + " stored");
		}
		assertThat(this.transactions).extracting(List::size).containsExactly(1, 1, 1, 1);
	}

	@Test
	void failsAloneWhatCantBeStored() throws Exception {
		this.fault = new DataIntegrityViolationException("too long");
		List<CompletableFuture<String>> results = storeWhileBusy(List.of("one", BAD, "two"));
		assertThat(results.get(0).get(10, TimeUnit.SECONDS)).isEqualTo("one stored");
		assertThat(results.get(2).get(10, TimeUnit.SECONDS)).isEqualTo("two stored");
		assertThatThrownBy(() -> results.get(1).get(10, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class)
			.hasCause(this.fault);
	}

	@Test
	void asksADatabaseThatIsAwayOnceForAll() {
		this.fault = new CannotGetJdbcConnectionException("away");
		List<CompletableFuture<String>> results = storeWhileBusy(List.of("one", "two", "three"));
		results.forEach((result) -> assertThatThrownBy(() -> result.get(10, TimeUnit.SECONDS)).hasCause(this.fault));
		assertThat(this.transactions).hasSize(2);
	}

	@Test
	void leavesNobodyBehindWhenATransactionEndsInAnError() {
		this.error = new OutOfMemoryError("for the test");
		List<CompletableFuture<String>> results = storeWhileBusy(List.of("one", "two", "three"));
		results.forEach((result) -> assertThatThrownBy(() -> result.get(10, TimeUnit.SECONDS)).rootCause()
			.isEqualTo(this.error));
		this.error = null;
		assertThat(this.commits.store("four")).isEqualTo("four stored");
	}

}
