package io.vedette.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.vedette.RunningVedette;
import io.vedette.node.Node;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** After a crash a node goes on with the jobs that are its own, as their rows say. */
@Tag("store")
class TakeUpTest extends RunningVedette {

	private final List<Long> rows = new ArrayList<>();

	@Autowired
	private Watchman watchman;

	@Autowired
	private JobStore jobs;

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private Node node;

	@Autowired
	private CamelContext camel;

	@BeforeEach
	void stopClaiming() throws Exception {
		Claiming.stop(this.camel);
	}

	@AfterEach
	void startClaiming() throws Exception {
		this.watchman.abandon(Set.copyOf(this.rows));
		this.jdbc.sql("delete from job where id in (:rows)").param("rows", this.rows).update();
		Claiming.start(this.camel);
	}

	@Test
	void watchesWhatTheLastRunWatchedBeforeWhatWaits() {
		List<Long> own = Stream.generate(() -> row(this.node.name(), "default")).limit(1200).toList();
		Long waiting = row(null, "default");
		this.watchman.takeUp(own);
		assertThat(this.watchman.held()).as("is about to be watched").containsAll(own);
		List<Long> watched = claim();
		assertThat(watched.subList(0, 1200)).isEqualTo(own);
		assertThat(watched).contains(waiting);
		assertThat(this.jobs.own()).containsAll(own);
	}

	@Test
	void leavesToOthersWhatIsNotItsOwnAnyMoreAndWhatItHasNoAccountFor() {
		Long claimed = row("other", "default");
		Long foreign = row(this.node.name(), "no-longer-configured");
		Long own = row(this.node.name(), "default");
		this.watchman.takeUp(List.of(claimed, foreign, own));
		assertThat(claim()).contains(own).doesNotContain(claimed, foreign);
		assertThat(owner(foreign)).isNull();
		assertThat(owner(claimed)).isEqualTo("other");
	}

	private List<Long> claim() {
		List<Long> watched = new ArrayList<>();
		this.watchman.claim(5000).forEachRemaining((watch) -> watched.add(watch.getJob().id()));
		return watched;
	}

	private Long row(String owner, String account) {
		String id = newId("left");
		this.jdbc.sql("""
				insert into job (provider, job_id, status, owner, account, registered_at)
				values ('akool', :id, 'WATCHING', :owner, :account, current_timestamp)
				""").param("id", id).param("owner", owner).param("account", account).update();
		Long row = this.jdbc.sql("select id from job where job_id = :id").param("id", id).query(Long.class).single();
		this.rows.add(row);
		return row;
	}

	private String owner(Long row) {
		return this.jdbc.sql("select owner from job where id = :row")
			.param("row", row)
			.query(String.class)
			.optional()
			.orElse(null);
	}

}
