package io.vedette.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import io.vedette.RunningVedette;
import io.vedette.job.Watchman;
import io.vedette.node.Node;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A node finds what it owns and does not hold, and lets go of what it does not own. */
class OwnershipTest extends RunningVedette {

	@Autowired
	private Ownership ownership;

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private Node node;

	@Autowired
	private Watchman watchman;

	@Autowired
	private CamelContext camel;

	@Tag("store")
	@Test
	void watchesAJobWhoseRowWasStoredWhileTheConnectionBroke() {
		String id = newId("orphan");
		standIn.akool(id).withFaces(1);
		this.jdbc.sql("""
				insert into job (provider, job_id, status, owner, registered_at)
				values ('akool', :id, 'WATCHING', :owner, current_timestamp)
				""").param("id", id).param("owner", this.node.name()).update();
		// By the route check-ownership, every ten seconds; the others do not wait for it.
		patiently().until(() -> job("akool", id).path("status").asText().equals("SUCCEEDED"));
		patiently().until(() -> events("akool", id).size() == 2);
	}

	@Test
	void deliversWhatWasStoredWhileTheConnectionBroke() {
		String id = newId("orphan");
		standIn.akool(id).withFaces(1);
		watch("akool", id);
		int touched = this.jdbc.sql("""
				update delivery set status = 'PENDING', attempts = 0, settled_at = null, owner = :owner
				where job = (select id from job where job_id = :id)
				""").param("id", id).param("owner", this.node.name()).update();
		assertThat(touched).isEqualTo(2);
		patiently().until(() -> {
			this.ownership.check();
			return job("akool", id).path("deliveries")
				.findValuesAsText("status")
				.stream()
				.allMatch("DELIVERED"::equals);
		});
	}

	@Test
	void takesAllThatWaitInOneTick() throws Exception {
		this.camel.getRouteController().stopRoute("watch-due-jobs");
		List<String> ids = IntStream.range(0, 1200).mapToObj((number) -> newId("waits")).toList();
		ids.forEach((id) -> this.jdbc.sql("""
				insert into job (provider, job_id, status, registered_at)
				values ('akool', :id, 'WATCHING', current_timestamp)
				""").param("id", id).update());
		List<String> claimed = new ArrayList<>();
		try {
			this.watchman.claim(5000).forEachRemaining((watch) -> {
				claimed.add(watch.getJob().jobId());
				this.watchman.abandon(Set.of(watch.getJob().id()));
			});
		}
		finally {
			this.jdbc.sql("delete from job where job_id in (:ids)").param("ids", ids).update();
			this.camel.getRouteController().startRoute("watch-due-jobs");
		}
		assertThat(claimed).containsAll(ids);
	}

	@Test
	void leavesAJobToTheNodeThatClaimedItMeanwhile() {
		String id = newId("claimed");
		standIn.akool(id).finishesAfter(Duration.ofHours(1));
		register("akool", id);
		awaitPolls("akool", id, 1);
		this.jdbc.sql("""
				insert into node (id, seen_at) values ('other', current_timestamp + interval '1' hour)
				""").update();
		own(id, "other");
		patiently().until(() -> {
			this.ownership.check();
			int before = standIn.polls("akool", id).size();
			await().pollDelay(Duration.ofMillis(900)).until(() -> true);
			return standIn.polls("akool", id).size() == before;
		});
		assertThat(job("akool", id).path("status").asText()).isEqualTo("WATCHING");
		this.jdbc.sql("delete from node where id = 'other'").update();
		int before = standIn.polls("akool", id).size();
		awaitPolls("akool", id, before + 1);
		delete("/jobs/akool/" + id);
	}

	@Tag("store")
	@Test
	void forgetsNodesThatAreGoneAndOwnNothing() {
		this.jdbc.sql("""
				insert into node (id, seen_at) values
				('gone', current_timestamp - interval '1' hour), ('owner', current_timestamp - interval '1' hour),
				('alive', current_timestamp)
				""").update();
		String id = newId("owned");
		this.jdbc.sql("""
				insert into job (provider, job_id, status, owner, registered_at)
				values ('unknown-here', :id, 'WATCHING', 'owner', current_timestamp)
				""").param("id", id).update();
		this.node.join();
		assertThat(this.jdbc.sql("select id from node").query(String.class).list()).contains("owner", "alive")
			.doesNotContain("gone");
		this.jdbc.sql("delete from job where job_id = :id").param("id", id).update();
		this.jdbc.sql("delete from node where id in ('owner', 'alive')").update();
	}

	private void own(String id, String owner) {
		this.jdbc.sql("update job set owner = :owner where job_id = :id")
			.param("owner", owner)
			.param("id", id)
			.update();
	}

}
