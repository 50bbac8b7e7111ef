package io.vedette.job;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.vedette.RunningVedette;
import io.vedette.job.Submissions.Intent;
import io.vedette.node.Node;
import io.vedette.provider.AccountName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.RepeatedTest;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

/** However many nodes submit, no more jobs of an account are in flight than may be. */
@Tag("store")
class MaxInFlightTest extends RunningVedette {

	private static final AccountName ACCOUNT = new AccountName("nobody", "default");

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private TransactionTemplate transaction;

	@Autowired
	private JobStore jobs;

	@Autowired
	private BatchStore batches;

	@BeforeEach
	void addNodes() {
		for (String name : List.of("node-a", "node-b")) {
			this.jdbc.sql("insert into node (id, seen_at, live, shares) values (:id, :at, true, '{}')")
				.param("id", name)
				.param("at", OffsetDateTime.now().plusHours(1))
				.update();
		}
	}

	@AfterEach
	void removeAll() {
		this.jdbc.sql("delete from job where provider = :provider").param("provider", ACCOUNT.provider()).update();
		this.jdbc.sql("delete from node where id in ('node-a', 'node-b')").update();
		this.jdbc.sql("delete from submit_lock where account = :account").param("account", ACCOUNT.toString()).update();
	}

	/** The first to count for an account have no lock yet. */
	@RepeatedTest(5)
	void letsNoMoreBeSentThanMayBeInFlight() throws Exception {
		List<Submissions> nodes = List.of(node("node-a"), node("node-b"));
		ExecutorService senders = Executors.newFixedThreadPool(6);
		List<Future<Intent>> intents = new ArrayList<>();
		for (int i = 0; i < 12; i++) {
			Job job = row();
			Submissions submissions = nodes.get(i % 2);
			intents.add(senders.submit(() -> begin(submissions, job)));
		}
		int begun = 0;
		for (Future<Intent> intent : intents) {
			begun += (intent.get() == Intent.BEGUN) ? 1 : 0;
		}
		senders.shutdown();
		assertThat(begun).isEqualTo(3);
		assertThat(nodes.get(0).inFlight(ACCOUNT)).isEqualTo(3);
		this.jdbc.sql("update job set status = 'UNCONFIRMED' where id = (select min(job) from in_flight)").update();
		assertThat(begin(nodes.get(1), row())).isEqualTo(Intent.BEGUN);
		assertThat(begin(nodes.get(0), row())).isEqualTo(Intent.FULL);
	}

	private Intent begin(Submissions submissions, Job job) {
		return this.transaction.execute((status) -> submissions.begin(job, submissions.moment(), 3));
	}

	private Submissions node(String name) {
		Node node = mock(Node.class);
		when(node.name()).thenReturn(name);
		return new Submissions(this.jdbc, this.batches, node, Clock.systemUTC(), (event) -> {
		});
	}

	private Job row() {
		String id = newId("flight");
		this.jdbc.sql("""
				insert into job (provider, media_url, status, registered_at, request_id, due_at)
				values (:provider, 'https://example.com/a.png', 'SUBMITTING', current_timestamp, :id, current_timestamp)
				""").param("provider", ACCOUNT.provider()).param("id", id).update();
		return this.jobs.findRequest(id).orElseThrow().job();
	}

}
