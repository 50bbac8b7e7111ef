package io.vedette.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import com.zaxxer.hikari.HikariDataSource;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * With db-scheduler: a row a job that is asked for again in a second, and a row an event
 * that is tried again until the webhook has it. Tuned as its documentation says for
 * throughput: executions start at once, PostgreSQL locks and fetches them together.
 */
class SchedulerPeer implements ApplicationRunner {

	private static final TaskDescriptor<String> ASK = TaskDescriptor.of("ask", String.class);

	private static final TaskDescriptor<String> SEND = TaskDescriptor.of("send", String.class);

	private static final Duration PAUSE = Duration.ofSeconds(1);

	private PeerClient client;

	/** Root of the API, key, URL of the webhook, URL of the database. */
	@Override
	public void run(ApplicationArguments arguments) throws IOException {
		List<String> values = arguments.getNonOptionArgs();
		this.client = new PeerClient(values.get(0), values.get(1), values.get(2));
		HikariDataSource database = new HikariDataSource();
		database.setJdbcUrl(values.get(3));
		boolean postgres = values.get(3).startsWith("jdbc:postgresql");
		if (postgres) {
			database.setUsername("postgres");
		}
		createTable(JdbcClient.create(database));
		Task<String> send = Tasks.oneTime(SEND)
			.onFailure(new FailureHandler.ExponentialBackoffFailureHandler<>(Duration.ofSeconds(5)))
			.execute(this::send);
		SchedulerBuilder builder = Scheduler.create(database, Tasks.custom(ASK).execute(this::ask), send)
			.threads(PeerClient.CONCURRENCY)
			.pollingInterval(Duration.ofMillis(100))
			.enableImmediateExecution();
		Scheduler scheduler = (postgres ? builder.pollUsingLockAndFetch(0.5, 3) : builder).build();
		scheduler.start();
		System.out.println(Peer.READY);
		Scanner jobs = new Scanner(System.in, StandardCharsets.UTF_8);
		while (jobs.hasNextLine()) {
			scheduler.scheduleIfNotExists(new TaskInstance<>("ask", jobs.nextLine()), Instant.now());
		}
	}

	/** As its documentation has it. */
	private static void createTable(JdbcClient jdbc) {
		jdbc.sql(
				"""
						create table if not exists scheduled_tasks (task_name varchar(100) not null, task_instance varchar(250) not null,
						task_data bytea, execution_time timestamp with time zone not null, picked boolean not null,
						picked_by varchar(100), last_success timestamp with time zone, last_failure timestamp with time zone,
						consecutive_failures int, last_heartbeat timestamp with time zone, version bigint not null,
						priority smallint, primary key (task_name, task_instance))
						""")
			.update();
		jdbc.sql("create index if not exists execution_time_idx on scheduled_tasks (execution_time)").update();
		jdbc.sql("create index if not exists last_heartbeat_idx on scheduled_tasks (last_heartbeat)").update();
	}

	private CompletionHandler<String> ask(TaskInstance<String> task, ExecutionContext context) {
		JsonNode job = this.client.ask(task.getId());
		if (PeerClient.isPending(job)) {
			return new CompletionHandler.OnCompleteReschedule<>(FixedDelay.of(PAUSE));
		}
		List<TaskInstance<?>> events = new ArrayList<>();
		this.client.events(task.getId(), job).forEach((id, body) -> events.add(new TaskInstance<>("send", id, body)));
		context.getSchedulerClient().scheduleBatch(events, Instant.now());
		return new CompletionHandler.OnCompleteRemove<>();
	}

	private void send(TaskInstance<String> task, ExecutionContext context) {
		this.client.send(task.getData());
	}

}
