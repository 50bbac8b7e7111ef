package io.vedette.api;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vedette.RunningVedette;
import io.vedette.provider.Answer;
import io.vedette.provider.AnswerClass;
import io.vedette.provider.Providers;
import io.vedette.schedule.SteadyClock;
import io.vedette.standin.WebhookStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a scraper is shown, and that the dashboard and the alerts ask for nothing else.
 */
@Tag("store")
@TestPropertySource(properties = { "vedette.targets.crm.secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"vedette.targets.crm.retry=100ms" })
class MetricsTest extends RunningVedette {

	private static final WebhookStandIn crm = new WebhookStandIn();

	private static final Pattern METRIC = Pattern.compile("\\b(vedette_[a-z_]+)(?:\\{([^}]*)})?");

	private static final Pattern SELECTOR = Pattern.compile("(\\w+)(=|!=)\"([^\"]*)\"");

	private static final Pattern LABELS = Pattern
		.compile("by \\(([^)]*)\\)|\\{\\{(\\w+)}}|\\{\\{ \\$labels\\.(\\w+) }}");

	@Autowired
	private Providers providers;

	@Autowired
	private SteadyClock clock;

	@DynamicPropertySource
	static void addTarget(DynamicPropertyRegistry registry) {
		registry.add("vedette.targets.crm.uri", crm::url);
	}

	@AfterAll
	static void close() {
		crm.close();
	}

	@AfterEach
	void openTheGate() {
		hear(AnswerClass.PENDING);
	}

	@Test
	void countsPollsJobsAndDeliveries() {
		String id = newId("measured");
		standIn.crun(id).finishesAfter(Duration.ofMillis(400)).withFaces(2);
		Scrape before = scrapeOnceCounted();
		watch("crun", id);
		patiently().untilAsserted(() -> {
			Scrape after = scrape();
			assertThat(grown(before, after, "vedette_jobs", "provider", "crun", "status", "SUCCEEDED")).isEqualTo(1);
			assertThat(grown(before, after, "vedette_polls_total", "provider", "crun", "answer", "succeeded"))
				.isEqualTo(1);
			assertThat(grown(before, after, "vedette_polls_total", "provider", "crun"))
				.isEqualTo(standIn.polls("crun", id).size());
			assertThat(grown(before, after, "vedette_deliveries_total", "target", "crm", "outcome", "arrived"))
				.isEqualTo(3);
			assertThat(grown(before, after, "vedette_deliveries_total", "target", "files", "outcome", "arrived"))
				.isEqualTo(3);
			assertThat(grown(before, after, "vedette_deliveries_total", "target", "files", "outcome", "picture"))
				.isEqualTo(2);
			assertThat(grown(before, after, "vedette_delivery_latency_seconds_count", "target", "files")).isEqualTo(3);
			assertThat(grown(before, after, "vedette_lag_seconds_count", "provider", "crun", "bound", "upper"))
				.isEqualTo(1);
		});
		Scrape after = scrape();
		double least = grown(before, after, "vedette_lag_seconds_sum", "provider", "crun", "bound", "lower");
		double most = grown(before, after, "vedette_lag_seconds_sum", "provider", "crun", "bound", "upper");
		assertThat(least).isPositive().isLessThan(most);
		assertThat(after.value("vedette_nodes", "state", "live")).isEqualTo(1);
		assertThat(after.value("vedette_rate_share", "provider", "crun", "account", "default")).isEqualTo(10_000);
	}

	@Test
	void showsWhatIsWatchedNow() {
		String id = newId("watched");
		standIn.akool(id);
		register("akool", id);
		awaitPolls("akool", id, 1);
		assertThat(scrape().value("vedette_jobs", "provider", "akool", "status", "WATCHING")).isEqualTo(1);
		assertThat(scrape().value("vedette_rate_used", "provider", "akool")).isPositive();
		delete("/jobs/akool/" + id);
		patiently().until(() -> scrape().value("vedette_jobs", "provider", "akool", "status", "WATCHING") == 0);
	}

	@Test
	void showsThatAProviderIsPausedAndWhy() {
		hear(AnswerClass.REFUSED);
		assertThat(scrape().value("vedette_pause", "provider", "crun", "cause", "refused")).isEqualTo(1);
		assertThat(scrape().value("vedette_pause", "provider", "crun", "cause", "unavailable")).isZero();
		hear(AnswerClass.PENDING);
		assertThat(scrape().value("vedette_pause", "provider", "crun", "cause", "refused")).isZero();
	}

	private void hear(AnswerClass type) {
		this.providers.get("crun")
			.account("default")
			.poll((now) -> 1)
			.hear(Answer.of(type, null, Duration.ZERO), this.clock.instant());
	}

	@Test
	void showsDeadLettersAndWhatIsDue() {
		crm.answers(410);
		Scrape before = scrapeOnceCounted();
		String id = newId("dead");
		standIn.crun(id).withFaces(1);
		watch("crun", id);
		patiently().until(() -> scrape().value("vedette_dead", "target", "crm") == 2);
		assertThat(grown(before, scrape(), "vedette_deliveries_total", "target", "crm", "outcome", "dead"))
			.isEqualTo(2);
		crm.answers(200);
		post("/deliveries/replay", "{\"target\":\"crm\"}");
		patiently().untilAsserted(() -> {
			assertThat(scrape().value("vedette_dead", "target", "crm")).isZero();
			assertThat(grown(before, scrape(), "vedette_deliveries_total", "target", "crm", "outcome", "arrived"))
				.isEqualTo(2);
		});
	}

	/** Whoever replays days later would see days. */
	@Test
	void leavesReplaysOutOfTheLatency() {
		crm.answers(410);
		String id = newId("late");
		standIn.crun(id).withFaces(1);
		watch("crun", id);
		patiently().until(() -> scrape().value("vedette_dead", "target", "crm") == 2);
		crm.answers(200);
		Scrape before = scrapeOnceCounted();
		post("/deliveries/replay", "{\"target\":\"crm\"}");
		patiently().untilAsserted(() -> assertThat(
				grown(before, scrape(), "vedette_deliveries_total", "target", "crm", "outcome", "arrived"))
			.isEqualTo(2));
		assertThat(grown(before, scrape(), "vedette_delivery_latency_seconds_count", "target", "crm")).isZero();
		String fresh = newId("fresh");
		standIn.crun(fresh).withFaces(1);
		watch("crun", fresh);
		patiently().untilAsserted(
				() -> assertThat(grown(before, scrape(), "vedette_delivery_latency_seconds_count", "target", "crm"))
					.isEqualTo(2));
	}

	@Test
	void countsRejectedRequestsByIntake() throws IOException {
		Path inbox = Files.createDirectories(this.data.resolve("inbox"));
		double before = scrape().value("vedette_rejected_total", "intake", "inbox");
		Files.writeString(inbox.resolve(newId("rejected") + ".ndjson"), "{\"provider\":\"nobody\"}\n{}\n");
		Files.writeString(inbox.resolve(newId("rejected") + ".json"), "no JSON");
		patiently().until(() -> scrape().value("vedette_rejected_total", "intake", "inbox") == before + 3);
		// Both files are batches, whose ends are counted as delivered to all targets.
		patiently().until(() -> crm.requests()
			.stream()
			.filter((request) -> request.text().contains("vedette.batch.completed"))
			.count() == 2);
	}

	/** A tag of many values would be a time series each, for ever. */
	@Test
	void tagsNoJob() {
		String id = newId("untagged");
		standIn.crun(id).withFaces(1);
		watch("crun", id);
		assertThat(get("/actuator/prometheus").body()).contains("vedette_jobs").doesNotContain(id);
	}

	@Test
	void theDashboardAsksForWhatThereIs() throws IOException {
		List<Query> queries = new ArrayList<>();
		JsonNode dashboard = new JsonMapper().readTree(Path.of("docs/observability/vedette-dashboard.json").toFile());
		dashboard.path("panels")
			.forEach((panel) -> panel.path("targets")
				.forEach((target) -> queries
					.add(new Query(target.path("expr").asText(), target.path("legendFormat").asText()))));
		assertThat(queries).hasSizeGreaterThan(10);
		assertAnswered(queries);
	}

	@Test
	void theAlertsAskForWhatThereIs() throws IOException {
		JsonNode file = new JsonMapper()
			.valueToTree(new Yaml().load(Files.readString(Path.of("docs/observability/vedette-alerts.yaml"))));
		List<Query> queries = new ArrayList<>();
		file.at("/groups/0/rules")
			.forEach((rule) -> queries
				.add(new Query(rule.path("expr").asText(), rule.at("/annotations/summary").asText())));
		assertThat(queries).hasSizeGreaterThan(5);
		assertAnswered(queries);
	}

	private void assertAnswered(List<Query> queries) {
		String id = newId("shown");
		standIn.crun(id).withFaces(1);
		watch("crun", id);
		patiently().untilAsserted(() -> {
			Scrape scrape = scrape();
			assertThat(queries).allSatisfy((query) -> assertAnswered(query, scrape));
		});
	}

	private static void assertAnswered(Query query, Scrape scrape) {
		List<MatchResult> metrics = METRIC.matcher(query.expression()).results().toList();
		Set<String> names = metrics.stream().map((metric) -> metric.group(1)).collect(Collectors.toSet());
		assertThat(names).isNotEmpty();
		assertThat(scrape.names()).containsAll(names);
		assertThat(scrape.of(names)).as(query.expression())
			.allSatisfy((sample) -> assertThat(sample.tags().keySet()).containsAll(query.labels()));
		metrics.stream()
			.filter((metric) -> metric.group(2) != null)
			.flatMap((metric) -> SELECTOR.matcher(metric.group(2)).results())
			.forEach((selector) -> assertThat(scrape.of(names)).as(query.expression())
				.anySatisfy((sample) -> assertThat(sample.tags()).containsEntry(selector.group(1), selector.group(3))));
	}

	private static double grown(Scrape before, Scrape after, String name, String... tags) {
		return after.value(name, tags) - before.value(name, tags);
	}

	/** What other tests sent is counted a moment after it shows as delivered. */
	private Scrape scrapeOnceCounted() {
		AtomicReference<Scrape> last = new AtomicReference<>(scrape());
		patiently().pollInterval(Duration.ofMillis(300)).until(() -> {
			Scrape now = scrape();
			return grown(last.getAndSet(now), now, "vedette_deliveries_total") == 0;
		});
		return last.get();
	}

	private Scrape scrape() {
		HttpResponse<String> response = get("/actuator/prometheus");
		assertThat(response.statusCode()).isEqualTo(200);
		return Scrape.of(response.body());
	}

	/**
	 * Something that is asked of Prometheus.
	 *
	 * @param text what is said about the result, with labels in it
	 */
	private record Query(String expression, String text) {

		Set<String> labels() {
			return LABELS.matcher(this.expression + " " + this.text)
				.results()
				.flatMap((found) -> Stream.of(1, 2, 3).map(found::group))
				.filter((group) -> group != null)
				.flatMap((group) -> Stream.of(group.split(", *")))
				.collect(Collectors.toSet());
		}

	}

}
