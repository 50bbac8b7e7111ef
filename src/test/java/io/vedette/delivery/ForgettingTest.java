package io.vedette.delivery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.IntStream;

import io.vedette.RunningVedette;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is left once finished jobs are older than the retention. Nothing can be deleted
 * below the target {@code stuck}.
 */
@Tag("store")
@TestPropertySource(properties = { "vedette.targets.stuck.uri=file:/proc", "vedette.retention=30d" })
class ForgettingTest extends RunningVedette {

	private static final Duration OLD = Duration.ofDays(31);

	@Autowired
	private Forgetting forgetting;

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private JdbcTemplate batch;

	@Autowired
	private TransactionTemplate transaction;

	@Autowired
	private DataSourceProperties database;

	@BeforeEach
	void forgetAll() {
		this.jdbc.sql("delete from job").update();
	}

	@Test
	void forgetsAllThatIsOldAndNothingElse() {
		store("akool", ids("old", 1200), "SUCCEEDED", OLD);
		store("crun", ids("young", 3), "FAILED", Duration.ofDays(29));
		store("crun", List.of("waits"), "WATCHING", null);
		patiently().until(() -> {
			this.forgetting.forgetOld();
			return left("job") <= 4;
		});
		assertThat(left("job")).isEqualTo(4);
		assertThat(left("event")).isEqualTo(8);
		assertThat(left("delivery")).isEqualTo(8);
		assertThat(get("/jobs/akool/old-0").statusCode()).isEqualTo(404);
		assertThat(job("crun", "young-0").path("deliveries")).hasSize(2);
	}

	@Test
	void deletesTheFilesOfWhatItForgets() throws IOException {
		store("akool", List.of("old"), "SUCCEEDED", OLD);
		store("akool", List.of("young"), "SUCCEEDED", Duration.ofDays(29));
		Path old = picture("old");
		Path young = picture("young");
		this.forgetting.forgetOld();
		assertThat(old.getParent()).doesNotExist();
		assertThat(young).exists();
	}

	@EnabledOnOs(OS.LINUX)
	@Test
	void keepsTheRowOfAJobWhoseFilesCantBeDeletedAndForgetsTheOthers() {
		store("self", List.of("task"), "SUCCEEDED", OLD.plusDays(1));
		store("akool", ids("old", 5), "SUCCEEDED", OLD);
		this.forgetting.forgetOld();
		assertThat(this.jdbc.sql("select job_id from job").query(String.class).list()).containsExactly("task");
		assertThat(job("self", "task").path("faces")).hasSize(1);
	}

	@Test
	void leavesToAnotherNodeWhatItHasLocked() throws Exception {
		store("akool", ids("old", 3), "SUCCEEDED", OLD);
		try (Connection other = this.database.initializeDataSourceBuilder()
			.type(SimpleDriverDataSource.class)
			.build()
			.getConnection()) {
			other.setAutoCommit(false);
			other.createStatement().executeQuery("select id from job where job_id like 'old-%' for update");
			this.forgetting.forgetOld();
			assertThat(left("delivery")).isEqualTo(6);
			other.rollback();
		}
		this.forgetting.forgetOld();
		assertThat(left("job")).isZero();
	}

	private static List<String> ids(String prefix, int count) {
		return IntStream.range(0, count).mapToObj((number) -> prefix + "-" + number).toList();
	}

	/**
	 * Jobs of one face; their events are dead letters of a target that is no more. All at
	 * once, before the application's own timer sees any.
	 */
	private void store(String provider, List<String> ids, String status, Duration age) {
		this.transaction.executeWithoutResult((transaction) -> insert(provider, ids, status, age));
	}

	private void insert(String provider, List<String> ids, String status, Duration age) {
		OffsetDateTime finished = (age != null) ? OffsetDateTime.now().minus(age) : null;
		this.batch.batchUpdate("""
				insert into job (provider, job_id, status, owner, registered_at, finished_at)
				values (?, ?, ?, 'elsewhere', current_timestamp - interval '60' day, ?)
				""", ids.stream().map((id) -> new Object[] { provider, id, status, finished }).toList());
		this.batch.batchUpdate("""
				insert into event (job, seq, event_id, type, body)
				select id, ?, ?, ?, '{"data":{"faceId":"0","index":0,"expiresAt":"2026-01-01T00:00:00Z","details":{}}}'
				from job where job_id = ?
				""",
				ids.stream()
					.flatMap((id) -> List
						.of(new Object[] { 0, id + ":face:0", Event.FACE, id },
								new Object[] { 1, id + ":job", "vedette.job.succeeded", id })
						.stream())
					.toList());
		this.jdbc.sql("""
				insert into delivery (event, job, target, status, due_at)
				select id, job, 'gone', 'DEAD', current_timestamp from event
				where not exists (select 1 from delivery where event = event.id)
				""").update();
	}

	private Path picture(String id) throws IOException {
		Path picture = this.data.resolve("out/akool").resolve(id).resolve("face-0.jpg");
		Files.createDirectories(picture.getParent());
		return Files.writeString(picture, "picture");
	}

	private long left(String table) {
		return this.jdbc.sql("select count(*) from " + table).query(Long.class).single();
	}

}
