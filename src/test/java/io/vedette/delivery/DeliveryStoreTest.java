package io.vedette.delivery;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import io.vedette.RunningVedette;
import io.vedette.standin.Reply;
import io.vedette.delivery.TargetStates.Backlog;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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

	private List<Delivery> claim(String target, int most) {
		return this.deliveries.claim(this.deliveries.due(target, most, 0));
	}

	@Test
	void takesNoMoreThanAskedForAndTheJobsEventLast() {
		assertThat(claim(TARGET, 1)).hasSize(1);
		assertThat(claim(TARGET, 2)).hasSize(1);
		assertThat(claim(TARGET, 2)).as("faces that were not tried yet").isEmpty();
		this.jdbc.sql("update delivery set attempts = 1 where target = :target and owner is not null")
			.param("target", TARGET)
			.update();
		assertThat(claim(TARGET, 2)).extracting((delivery) -> delivery.event().type())
			.containsExactly("vedette.job.succeeded");
		assertThat(claim(TARGET, 2)).isEmpty();
	}

	@Test
	void aFaultDoesNotQuoteTheRowThatItIsAbout() {
		String face = "https://faces.example.org/ada.jpg";
		List<Object[]> ofNoJob = List.of(new Object[] { 0, face }, new Object[] { 1, face });
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.batch.batchUpdate("""
				insert into event (job, seq, event_id, type, file_name, body)
				values (-1, ?, 'nobodys', 'vedette.face.detected', 'nobodys', ?)
				""", ofNoJob))
			.satisfies((fault) -> assertThat(Throwables.getStackTrace(fault)).doesNotContain("ada.jpg"));
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
	void readsEachEventAsItWasSentFirst() throws IOException {
		String id = newId("packed");
		standIn.akool(id)
			.withFacesAt(IntStream.range(0, 1100)
				.mapToObj((face) -> "http://127.0.0.2/" + face + ".png")
				.toArray(String[]::new));
		watch("akool", id);
		this.jdbc.sql("""
				insert into delivery (event, job, target, status, due_at)
				select id, job, 'again', 'PENDING', current_timestamp from event
				where job = (select id from job where job_id = :id) and seq in (0, 499, 500, 1099, 1100)
				""").param("id", id).update();
		for (Delivery delivery : claim("again", 10)) {
			assertThat(delivery.event().body()).isEqualTo(Files.readString(this.data.resolve("out")
				.resolve(delivery.directory())
				.resolve(delivery.event().fileName() + ".json")));
			assertThat(delivery.event().imageUrl())
				.isEqualTo(parse(delivery.event().body()).at("/data/imageUrl").textValue());
		}
		this.jdbc.sql("update delivery set attempts = 1 where target = 'again'").update();
		assertThat(claim("again", 10)).extracting((delivery) -> delivery.event().fileName()).containsExactly("job");
		assertThat(job("akool", id).path("faces")).hasSize(1100)
			.extracting((face) -> face.path("index").asInt())
			.isEqualTo(IntStream.range(0, 1100).boxed().toList());
		delete("/jobs/akool/" + id);
	}

	@Test
	void readsAnEventThatAnOlderJarHasStored() {
		String body = "{\"data\":{\"faceId\":\"10\",\"index\":10,\"expiresAt\":\"2026-01-01T00:00:00Z\",\"details\":{}}}";
		this.jdbc.sql("""
				insert into event (job, seq, event_id, type, file_name, image_url, body)
				select id, 10, 'older', 'vedette.face.detected', 'face-10', 'https://example.com/10.png', :body
				from job where job_id = :id
				""").param("body", body).param("id", this.id).update();
		this.jdbc.sql("""
				insert into delivery (event, job, target, status, due_at)
				select id, job, 'older', 'PENDING', current_timestamp from event where event_id = 'older'
				""").update();
		assertThat(claim("older", 1)).extracting(Delivery::event)
			.containsExactly(
					new Event("older", "vedette.face.detected", "face-10", "https://example.com/10.png", body));
		assertThat(job("akool", this.id).at("/faces/2/index").asInt()).isEqualTo(10);
	}

	/** A picture of three quarters of a megabyte, which no packing makes smaller. */
	@Test
	void keepsAFaceThatIsTooLargeToBePacked() {
		// The other two are at an address that is not asked for.
		byte[] picture = new byte[750_000];
		new Random(1).nextBytes(picture);
		String url = "data:image/png;base64," + Base64.getEncoder().encodeToString(picture);
		String large = newId("large");
		standIn.crun(large)
			.replies(Reply.json("{\"code\":200,\"data\":{\"status\":\"succeeded\",\"result\":{\"faces\":"
					+ "[{\"id\":0,\"link\":\"http://127.0.0.2/0.png\"},{\"id\":1,\"link\":\"" + url
					+ "\"},{\"id\":2,\"link\":\"http://127.0.0.2/2.png\"}]}}}"));
		assertThat(watch("crun", large).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(job("crun", large).at("/faces/1/imageUrl").asText()).isEqualTo(url);
		assertThat(job("crun", large).at("/faces/2/imageUrl").asText()).isEqualTo("http://127.0.0.2/2.png");
		assertThat(events("crun", large).get(1).at("/data/imageUrl").asText()).isEqualTo(url);
	}

	@Test
	void keepsLessThanHalfAKilobyteAFace() {
		long bytes = this.jdbc
			.sql("select sum(octet_length(packed)) from event where job = (select id from job where job_id = :id)")
			.param("id", this.id)
			.query(Long.class)
			.single();
		assertThat(bytes).isBetween(100L, 1024L);
	}

	@Test
	void locksNoMoreThanItTakes() {
		JdbcClient other = JdbcClient
			.create(this.database.initializeDataSourceBuilder().type(SimpleDriverDataSource.class).build());
		this.transaction.executeWithoutResult((status) -> {
			assertThat(claim(TARGET, 1)).hasSize(1);
			assertThat(other.sql("select id from delivery where target = :target for update skip locked")
				.param("target", TARGET)
				.query(Long.class)
				.list()).hasSize(2);
		});
	}

}
