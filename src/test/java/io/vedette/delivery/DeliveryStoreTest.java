package io.vedette.delivery;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.IntStream;

import io.vedette.RunningVedette;
import io.vedette.delivery.TargetStates.Backlog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** What a node takes of the deliveries of a target that none but this test claims. */
@Tag("store")
class DeliveryStoreTest extends RunningVedette {

	private static final String TARGET = "elsewhere";

	@Autowired
	private DeliveryStore deliveries;

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private JdbcTemplate batch;

	@Autowired
	private DataSourceProperties database;

	@Autowired
	private TransactionTemplate transaction;

	private final String id = newId("claims");

	@BeforeEach
	void storeThreeDeliveries() {
		standIn.akool(this.id).withFaces(2);
		watch("akool", this.id);
		this.jdbc.sql("""
				insert into delivery (event, job, target, status, due_at)
				select id, job, :target, 'PENDING', current_timestamp from event
				where job = (select id from job where job_id = :id)
				""").param("target", TARGET).param("id", this.id).update();
	}

	@AfterEach
	void forget() {
		delete("/jobs/akool/" + this.id);
	}

	@Test
	void takesNoMoreThanAskedForAndTheJobsEventLast() {
		assertThat(this.deliveries.claim(TARGET, 1, false)).hasSize(1);
		assertThat(this.deliveries.claim(TARGET, 2, false)).hasSize(1);
		assertThat(this.deliveries.claim(TARGET, 2, false)).as("faces that were not tried yet").isEmpty();
		this.jdbc.sql("update delivery set attempts = 1 where target = :target and owner is not null")
			.param("target", TARGET)
			.update();
		assertThat(this.deliveries.claim(TARGET, 2, false)).extracting((delivery) -> delivery.event().type())
			.containsExactly("vedette.job.succeeded");
		assertThat(this.deliveries.claim(TARGET, 2, false)).isEmpty();
	}

	@Test
	void tellsWhatWaitsForATargetAndSinceWhen() {
		Instant due = Instant.parse("2026-01-02T03:04:05Z");
		this.jdbc.sql(
				"update delivery set awaits_picture = true, due_at = :due where id = (select max(id) from delivery where target = :target)")
			.param("due", due.atOffset(ZoneOffset.UTC))
			.param("target", TARGET)
			.update();
		assertThat(this.deliveries.backlog(TARGET)).isEqualTo(new Backlog(3, 0, due));
		this.jdbc.sql("update delivery set status = 'DEAD' where target = :target").param("target", TARGET).update();
		assertThat(this.deliveries.backlog(TARGET)).isEqualTo(new Backlog(0, 3, null));
	}

	@Test
	void countsNoFurtherThanTenThousand() {
		this.batch.batchUpdate("""
				insert into event (job, seq, event_id, type, file_name, body)
				select id, ?, 'counted', 'vedette.face.detected', 'counted', '{}' from job where job_id = ?
				""", IntStream.range(10, 10_010).mapToObj((seq) -> new Object[] { seq, this.id }).toList());
		this.jdbc.sql("""
				insert into delivery (event, job, target, status, due_at)
				select id, job, :target, 'PENDING', current_timestamp from event where event_id = 'counted'
				""").param("target", TARGET).update();
		assertThat(this.deliveries.backlog(TARGET).pending()).isEqualTo(10_000);
	}

	@Test
	void locksNoMoreThanItTakes() {
		JdbcClient other = JdbcClient
			.create(this.database.initializeDataSourceBuilder().type(SimpleDriverDataSource.class).build());
		this.transaction.executeWithoutResult((status) -> {
			assertThat(this.deliveries.claim(TARGET, 1, false)).hasSize(1);
			assertThat(other.sql("select id from delivery where target = :target for update skip locked")
				.param("target", TARGET)
				.query(Long.class)
				.list()).hasSize(2);
		});
	}

}
