package io.vedette.job;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.ThreadMXBean;
import io.vedette.EventContract;
import io.vedette.RunningVedette;
import io.vedette.Statements;
import io.vedette.delivery.Forgetting;
import io.vedette.standin.Reply;
import io.vedette.standin.Request;
import io.vedette.standin.WebhookStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** Jobs that belong together, and the one event that says that all have ended. */
@Tag("store")
@Import(Statements.class)
@TestPropertySource(properties = { "vedette.targets.hook.secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"vedette.targets.hook.retry=1h", "vedette.targets.files.images=false", "vedette.retention=30d" })
class BatchTest extends RunningVedette {

	/** Rows that are stored in one statement. */
	private static final int PART = 10_000;

	private static final WebhookStandIn hook = new WebhookStandIn();

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private TransactionTemplate transaction;

	@Autowired
	private BatchStore batches;

	@Autowired
	private Forgetting forgetting;

	@Autowired
	private Statements statements;

	private final String batch = newId("batch");

	@DynamicPropertySource
	static void addTarget(DynamicPropertyRegistry registry) {
		registry.add("vedette.targets.hook.uri", hook::url);
	}

	@AfterAll
	static void close() {
		hook.close();
	}

	@BeforeEach
	void accept() {
		hook.answers(200);
	}

	@Test
	void tellsOnceThatAllJobsHaveEndedAfterAllOfTheirEvents() throws IOException {
		List<String> ids = ids("many", 5);
		ids.forEach((id) -> standIn.crun(id).withFaces(3));
		standIn.crun(ids.get(4)).failing();
		post("/jobs", requests(ids, ",'batchSize':5"));
		JsonNode event = awaitEvent();
		assertThat(event.path("id").asText()).isEqualTo("batch:" + this.batch);
		assertThat(event.at("/data/total").asInt()).isEqualTo(5);
		assertThat(event.at("/data/succeeded").asInt()).isEqualTo(4);
		assertThat(event.at("/data/failed").asInt()).isEqualTo(1);
		assertThat(event.at("/data/failures/0/jobId").asText()).isEqualTo(ids.get(4));
		assertThat(event.at("/data/failuresLeftOut").asInt()).isZero();
		List<String> sent = hook.requests().stream().map((post) -> post.header("webhook-id")).toList();
		ids.forEach((id) -> assertThat(sent.indexOf("crun:" + id + ":job")).isBetween(0,
				sent.indexOf("batch:" + this.batch)));
		assertThat(sent).filteredOn((id) -> id.startsWith("crun:" + ids.get(0))).as("faces and job").hasSize(4);
		JsonNode shown = shown();
		assertThat(shown.path("state").asText()).isEqualTo("completed");
		assertThat(shown.path("size").asInt()).isEqualTo(5);
		Path file = this.data.resolve("out/batches").resolve(this.batch + ".json");
		patiently().until(() -> Files.exists(file));
		assertThat(parse(Files.readString(file))).isEqualTo(event);
		assertThat(events("crun", ids.get(0)))
			.allSatisfy((face) -> assertThat(face.at("/data/batch").asText()).isEqualTo(this.batch));
		assertThat(job("crun", ids.get(0)).path("batch").asText()).isEqualTo(this.batch);
		assertThat(listed("")).hasSize(5);
		assertThat(listed("&status=failed")).containsExactly(ids.get(4));
		assertThat(eventRows()).isEqualTo(1);
	}

	@Test
	void showsABatchWhileItRuns() {
		List<String> ids = ids("runs", 2);
		standIn.crun(ids.get(0)).withFaces(0);
		standIn.crun(ids.get(1)).finishesAfter(Duration.ofDays(1));
		post("/jobs", requests(ids, ""));
		awaitEnd("crun", ids.get(0));
		JsonNode shown = shown();
		assertThat(shown.path("state").asText()).isEqualTo("open");
		assertThat(shown.path("total").asInt()).isEqualTo(2);
		assertThat(shown.path("watching").asInt()).isEqualTo(1);
		assertThat(shown.path("succeeded").asInt()).isEqualTo(1);
		assertThat(shown.path("sealedAt").isNull()).isTrue();
		seal();
		assertThat(shown().path("state").asText()).isEqualTo("sealed");
		assertThat(delete("/jobs/crun/" + ids.get(1)).statusCode()).isEqualTo(204);
		JsonNode event = awaitEvent();
		assertThat(event.at("/data/total").asInt()).as("without the forgotten job").isEqualTo(1);
		assertThat(get("/batches/nobody-knows").statusCode()).isEqualTo(404);
	}

	@Test
	void isCompleteWithoutAnyJob() {
		assertThat(seal().path("state").asText()).isEqualTo("completed");
		seal();
		assertThat(awaitEvent().at("/data/total").asInt()).isZero();
		assertThat(eventRows()).isEqualTo(1);
	}

	@Test
	void refusesWhatDoesNotFit() {
		List<String> ids = ids("fit", 4);
		ids.forEach((id) -> standIn.crun(id).withFaces(0));
		assertThat(post("/jobs", requests(ids.subList(0, 2), "")).statusCode()).isEqualTo(202);
		assertThat(post("/jobs", request(ids.get(2), ",'batchSize':2")).body()).contains("has 3 jobs with this one");
		assertThat(post("/jobs", request(ids.get(2), ",'batchSize':0")).body()).contains("whole number from 1");
		assertThat(post("/jobs", "{\"provider\":\"crun\",\"jobId\":\"x\",\"batchSize\":2}").body())
			.contains("without a batch");
		assertThat(post("/jobs", request(ids.get(0), ",'batchSize':3")).statusCode()).isEqualTo(200);
		assertThat(post("/jobs", request(ids.get(2), ",'batchSize':4")).body()).contains("is to have 3 jobs already");
		JsonNode answers = parse(post("/jobs", requests(ids.subList(2, 4), "")).body());
		assertThat(answers.get(0).path("jobId").asText()).isEqualTo(ids.get(2));
		assertThat(answers.get(1).path("detail").asText()).contains("has all of its 3 jobs", "Name another batch");
		assertThat(post("/jobs", request(ids.get(2), "")).statusCode()).as("a job that is in it").isEqualTo(200);
		assertThat(post("/jobs", request(ids.get(3), "")).statusCode()).isEqualTo(400);
		assertThat(get("/jobs/crun/" + ids.get(3)).statusCode()).isEqualTo(404);
		assertThat(awaitEvent().at("/data/total").asInt()).isEqualTo(3);
		assertThat(post("/batches/%20/seal", "").statusCode()).isEqualTo(400);
	}

	@Test
	void countsAJobThatIsKnownAlreadyAndOneThatIsHandedInAgain() {
		String ended = newId("ended");
		standIn.crun(ended).withFaces(0);
		watch("crun", ended);
		assertThat(post("/jobs", request(ended, "")).statusCode()).isEqualTo(200);
		String expired = newId("expired");
		register(parse(request(expired, "")));
		awaitEnd("crun", expired);
		assertThat(shown().path("expired").asInt()).isEqualTo(1);
		standIn.crun(expired).withFaces(0);
		String other = this.batch + "-other";
		post("/jobs", request(expired, "").replace(this.batch, other));
		patiently().until(() -> parse(get("/batches/" + other).body()).path("succeeded").asInt() == 1);
		assertThat(shown().path("total").asInt()).as("the expired one has left").isEqualTo(1);
		seal();
		assertThat(awaitEvent().at("/data/succeeded").asInt()).isEqualTo(1);
		post("/jobs", request(ended, "").replace(this.batch, other));
		assertThat(job("crun", ended).path("batch").asText()).as("a job stays in its batch").isEqualTo(this.batch);
	}

	@Test
	void takesAFileForABatch() throws IOException {
		List<String> ids = ids("file", 3);
		ids.forEach((id) -> standIn.crun(id).withFaces(1));
		String name = this.batch + ".csv";
		Path inbox = Files.createDirectories(this.data.resolve("inbox"));
		Files.writeString(inbox.resolve("." + name), "provider,jobId,batch\ncrun,%s,\ncrun,%s,\ncrun,%s,%s\nnobody,x,\n"
			.formatted(ids.get(0), ids.get(1), ids.get(2), this.batch));
		Files.move(inbox.resolve("." + name), inbox.resolve(name));
		patiently().until(() -> completed(name).size() == 1);
		JsonNode event = completed(name).get(0);
		assertThat(event.at("/data/batch").asText()).startsWith(name + "@20").endsWith("Z");
		assertThat(event.at("/data/total").asInt()).isEqualTo(2);
		assertThat(shown().path("state").asText()).as("the batch that a row names").isEqualTo("open");
		assertThat(shown().path("total").asInt()).isEqualTo(1);
	}

	@Test
	void waitsForNoFaceThatHasFailedAnAttempt() {
		String id = newId("dead");
		hook.answers((post) -> Reply.status(post.header("webhook-id").endsWith(":face:1") ? 503 : 200));
		standIn.crun(id).withFaces(3);
		register(parse(request(id, ",'batchSize':1")));
		awaitEvent();
		List<String> sent = hook.requests().stream().map((post) -> post.header("webhook-id")).toList();
		assertThat(sent.indexOf("crun:" + id + ":face:1")).isBetween(0, sent.indexOf("batch:" + this.batch) - 1);
	}

	@Test
	void isHeldWhileAnEventOfItsJobsWasNotTried() {
		String id = newId("held");
		standIn.crun(id).withFaces(0);
		register(parse(request(id, "")));
		awaitEnd("crun", id);
		this.jdbc
			.sql("update delivery set status = 'PENDING', attempts = 0, owner = 'nobody' where target = 'hook' "
					+ "and job = (select id from job where job_id = :id)")
			.param("id", id)
			.update();
		this.jdbc.sql("insert into node (id, seen_at) values ('nobody', current_timestamp + interval '1' hour)")
			.update();
		seal();
		patiently().until(() -> Files.exists(this.data.resolve("out/batches").resolve(this.batch + ".json")));
		assertThat(completed(this.batch)).isEmpty();
		assertThat(this.jdbc
			.sql("select status from delivery d join event e on e.id = d.event where e.event_id = :id "
					+ "and target = 'hook'")
			.param("id", "batch:" + this.batch)
			.query(String.class)
			.single()).isEqualTo("PENDING");
		this.jdbc.sql("delete from node where id = 'nobody'").update();
		awaitEvent();
	}

	/**
	 * Two transactions, as two nodes have them, that each see the other's job as watched.
	 */
	@Test
	void isCompleteOnceWhoeverEndsTheLastTwoJobsAtOneMoment() throws Exception {
		int rounds = 60;
		ExecutorService nodes = Executors.newFixedThreadPool(2);
		CyclicBarrier together = new CyclicBarrier(2);
		try {
			for (int round = 0; round < rounds; round++) {
				String name = this.batch + "-" + round;
				store(name, 2, "WATCHING");
				List<Future<?>> ends = new ArrayList<>();
				for (Long job : rows(name)) {
					ends.add(nodes.submit(() -> {
						together.await();
						this.transaction.executeWithoutResult((status) -> end(job));
						return null;
					}));
				}
				for (Future<?> end : ends) {
					end.get();
				}
				assertThat(this.batches.find(name).orElseThrow().state()).isEqualTo(Batch.State.COMPLETED);
			}
		}
		finally {
			nodes.shutdownNow();
		}
		assertThat(this.jdbc.sql("select count(*) from event where event_id like :ids")
			.param("ids", "batch:" + this.batch + "-%")
			.query(Integer.class)
			.single()).isEqualTo(rounds);
	}

	@Test
	void changesNothingWhereTheTransactionFails() {
		store(this.batch, 1, "WATCHING");
		Long job = rows(this.batch).get(0);
		this.transaction.executeWithoutResult((status) -> {
			end(job);
			status.setRollbackOnly();
		});
		assertThat(shown().path("state").asText()).isEqualTo("sealed");
		assertThat(eventRows()).isZero();
		this.transaction.executeWithoutResult((status) -> end(job));
		assertThat(awaitEvent().at("/data/total").asInt()).isEqualTo(1);
	}

	@Test
	void endsABatchOfAHundredThousandJobsWithoutReadingThem() {
		int jobs = 100_000;
		store(this.batch, jobs, "FAILED");
		Long last = this.jdbc.sql("select id from job where job_id = :last")
			.param("last", this.batch + "-" + jobs)
			.query(Long.class)
			.single();
		this.jdbc.sql("update job set status = 'WATCHING' where id = :last").param("last", last).update();
		this.jdbc.sql("update batch set failed = total - 1 where id = :id").param("id", this.batch).update();
		this.statements.forget();
		Instant begin = Instant.now();
		long bytes = allocated();
		this.transaction.executeWithoutResult((status) -> end(last));
		bytes = allocated() - bytes;
		Duration terminal = Duration.between(begin, Instant.now());
		long completing = this.statements.sent().stream().filter(BatchTest::isOfCompletion).count();
		JsonNode event = awaitEvent();
		assertThat(event.at("/data/failures")).hasSize(100);
		assertThat(event.at("/data/failuresLeftOut").asInt()).isEqualTo(jobs - 101);
		assertThat(terminal).isLessThan(Duration.ofSeconds(5));
		assertThat(bytes).as("bytes allocated by the transaction").isLessThan(8 << 20);
		assertThat(completing).as("statements of the transaction, housekeeping included").isLessThan(16);
		List<String> looked = this.statements.sent().stream().filter(BatchTest::isOfRelease).toList();
		assertThat(looked).as("a thousand jobs a statement").hasSizeBetween(jobs / 1000, 2 * jobs / 1000 + 40);
		System.out.printf("The last of 100,000 jobs: %d ms, %d KB, %d statements, then %d%n", terminal.toMillis(),
				bytes / 1024, completing, looked.size());
	}

	private static long allocated() {
		return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
	}

	/** Of the transaction in which the last job ends. */
	private static boolean isOfCompletion(String sql) {
		return sql.matches("(?i)(insert into|update|delete from) (job|batch|event|delivery|held_delivery) .*")
				|| sql.matches("(?i).* from batch .*");
	}

	/** Of looking whether each event of the batch's jobs was sent. */
	private static boolean isOfRelease(String sql) {
		return sql.startsWith("select id from job where batch") || sql.startsWith("select max(job) from delivery");
	}

	@Test
	void costsNothingWhereThereIsNone() {
		List<String> ids = ids("alone", 20);
		ids.forEach((id) -> standIn.crun(id).withFaces(1));
		// What other tests have left is over by then.
		patiently().until(() -> this.jdbc.sql("select count(*) from held_delivery").query(Integer.class).single() == 0);
		patiently().pollInterval(Duration.ofSeconds(2)).until(() -> {
			this.statements.forget();
			return true;
		});
		Instant begin = Instant.now();
		ids.forEach((id) -> register("crun", id));
		ids.forEach((id) -> awaitEnd("crun", id));
		// What is old is looked for all the same, every ten seconds.
		List<String> sent = this.statements.sent()
			.stream()
			.filter((sql) -> !sql.startsWith("select id from batch b where created_at <"))
			.toList();
		long seconds = Duration.between(begin, Instant.now()).toSeconds() + 2;
		assertThat(sent).noneMatch((sql) -> sql.matches("(?i).*\\b(from|into|update) batch\\b.*"))
			.noneMatch((sql) -> sql.startsWith("select batch"))
			.noneMatch((sql) -> sql.matches("(?i)(select delivery, batch|insert into held|update held).*"));
		assertThat(sent.stream().filter((sql) -> sql.startsWith("select distinct target from held_delivery")))
			.as("one a second for both targets")
			.hasSizeLessThanOrEqualTo((int) seconds);
	}

	@Test
	void isForgottenAfterItsJobs() {
		String id = newId("old");
		standIn.crun(id).withFaces(0);
		register(parse(request(id, ",'batchSize':1")));
		awaitEvent();
		awaitEnd("crun", id);
		Path file = this.data.resolve("out/batches").resolve(this.batch + ".json");
		patiently().until(() -> Files.exists(file));
		age("update batch set created_at = :old, completed_at = :old where id = :batch");
		this.forgetting.forgetOld();
		assertThat(shown().path("total").asInt()).as("while it has a job").isEqualTo(1);
		age("update job set finished_at = :old where batch = :batch");
		age("update event set stored_at = :old where event_id = 'batch:' || :batch");
		this.forgetting.forgetOld();
		assertThat(get("/batches/" + this.batch).statusCode()).isEqualTo(404);
		assertThat(file).doesNotExist();
		assertThat(eventRows()).isZero();
	}

	private void age(String sql) {
		this.jdbc.sql(sql)
			.param("old", SqlTime.of(Instant.now().minus(Duration.ofDays(31))))
			.param("batch", this.batch)
			.update();
	}

	/** A sealed batch of jobs that nobody asks for. */
	private void store(String name, int jobs, String status) {
		this.jdbc
			.sql("insert into batch (id, total, targets, created_at, sealed_at) "
					+ "values (:id, :jobs, 'hook', current_timestamp, current_timestamp)")
			.param("id", name)
			.param("jobs", jobs)
			.update();
		for (int from = 1; from <= jobs; from += PART) {
			this.jdbc
				.sql("insert into job (provider, job_id, status, registered_at, batch) select 'nobody', "
						+ "cast(:id as varchar) || '-' || n, cast(:status as varchar), current_timestamp, "
						+ "cast(:id as varchar) " + "from unnest(cast(:numbers as bigint array)) as numbers (n)")
				.param("id", name)
				.param("status", status)
				.param("numbers",
						new SqlArrayValue("bigint",
								LongStream.rangeClosed(from, Math.min(jobs, from + PART - 1)).boxed().toArray()))
				.update();
		}
	}

	private List<Long> rows(String name) {
		return this.jdbc.sql("select id from job where batch = :id order by id")
			.param("id", name)
			.query(Long.class)
			.list();
	}

	/** As the terminal transaction does. */
	private void end(Long job) {
		this.jdbc.sql("update job set status = 'SUCCEEDED', finished_at = current_timestamp where id = :id")
			.param("id", job)
			.update();
		this.batches.ended(job);
	}

	private JsonNode seal() {
		return parse(post("/batches/" + this.batch + "/seal", "").body());
	}

	private JsonNode shown() {
		return parse(get("/batches/" + this.batch).body());
	}

	private List<String> listed(String more) {
		return parse(get("/jobs?batch=" + this.batch + more).body()).path("jobs").findValuesAsText("jobId");
	}

	private int eventRows() {
		return this.jdbc.sql("select count(*) from event where event_id = :id")
			.param("id", "batch:" + this.batch)
			.query(Integer.class)
			.single();
	}

	private JsonNode awaitEvent() {
		return patiently().until(() -> completed(this.batch), (all) -> !all.isEmpty()).get(0);
	}

	/** The events of batches whose names begin so, as the webhook got them. */
	private static List<JsonNode> completed(String name) {
		return hook.requests()
			.stream()
			.map(Request::text)
			.filter((text) -> text.contains("vedette.batch.completed"))
			.map(RunningVedette::parse)
			.peek(EventContract::check)
			.filter((event) -> Stream.of(name, name + "@")
				.anyMatch((begin) -> begin.endsWith("@") ? event.path("subject").asText().startsWith(begin)
						: event.path("subject").asText().equals(begin)))
			.toList();
	}

	private List<String> ids(String name, int count) {
		return IntStream.range(0, count).mapToObj((number) -> newId(name)).toList();
	}

	private String request(String id, String more) {
		return "{'provider':'crun','jobId':'%s','batch':'%s'%s}".formatted(id, this.batch, more).replace('\'', '"');
	}

	private String requests(List<String> ids, String more) {
		return ids.stream().map((id) -> request(id, more)).toList().toString();
	}

}
