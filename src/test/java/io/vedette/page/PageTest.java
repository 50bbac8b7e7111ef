package io.vedette.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vedette.RunningVedette;
import io.vedette.standin.Reply;
import io.vedette.standin.WebhookStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.openqa.selenium.Keys;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.web.util.UriUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/** The page as a person with a browser uses it, where there are tokens. */
@TestPropertySource(
		properties = { "vedette.intake-tokens.alice.token=of-alice", "vedette.intake-tokens.bob.token=of-bob",
				"vedette.intake-tokens.bob.role=operate", "vedette.providers.crun.accounts.team-b.api-key=of-team-b",
				"vedette.providers.crun.accounts.team-c.api-key=that-nobody-knows",
				"vedette.targets.crm.secret=whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXM=" })
class PageTest extends RunningVedette {

	private static final String DRAWN = """
			return [...document.querySelectorAll('.gallery img')].every((one) => one.naturalWidth === 96)""";

	private static final WebhookStandIn crm = new WebhookStandIn();

	private static final Browser browser = new Browser();

	@Autowired
	private JdbcClient jdbc;

	@DynamicPropertySource
	static void addTarget(DynamicPropertyRegistry registry) {
		registry.add("vedette.targets.crm.uri", crm::url);
	}

	@AfterAll
	static void close() {
		browser.close();
		crm.close();
	}

	@Override
	protected HttpRequest.Builder request(String path) {
		return super.request(path).header("authorization", "Bearer of-bob");
	}

	@BeforeEach
	void logIn() {
		crm.answers(200);
		browser.resize(1200, 900);
		logIn("of-bob");
	}

	private void logIn(String token) {
		browser.open(url("/login"));
		browser.fill("[name=token]", token);
		browser.press("Log in");
		browser.shows("Log out");
	}

	@Test
	void showsAJobFromItsRegistrationToItsFaces() {
		String id = newId("gallery");
		standIn.akool(id).finishesAfter(Duration.ofMinutes(5)).withFaces(3);
		register("akool", id);
		browser.open(url("/page/jobs"));
		patiently().until(() -> browser.laterText().contains("akool/" + id));
		browser.open(url("/page/jobs/akool/" + id));
		browser.shows("watching", "registered");
		standIn.akool(id).finishesAfter(Duration.ZERO);
		patiently().until(() -> browser.laterText().contains("succeeded") && browser.all(".gallery img").size() == 3);
		if (Browser.isReal()) {
			patiently().until(() -> browser.run(DRAWN).equals(true));
			assertThat(browser.find("pre").getAttribute("textContent")).contains("vedette.face.detected");
		}
	}

	@Test
	void showsAPictureAsWhatItIs() {
		String id = newId("picture");
		standIn.akool(id).withFaces(1);
		watch("akool", id);
		HttpResponse<String> picture = call(request("/page/jobs/akool/" + id + "/picture?face=" + faceOf("akool", id)));
		assertThat(picture.statusCode()).isEqualTo(200);
		assertThat(picture.headers().firstValue("content-type").orElse("")).isIn("image/png", "image/jpeg");
		assertThat(picture.headers().firstValue("content-security-policy")).contains("default-src 'none'; sandbox");
		assertThat(picture.headers().firstValue("x-content-type-options")).contains("nosniff");
		assertThat(call(request("/page/jobs/akool/" + id + "/picture?face=..%2Fface-0")).statusCode()).isEqualTo(404);
	}

	private String faceOf(String provider, String id) {
		return job(provider, id).at("/faces/0/faceId").asText();
	}

	@Test
	void replaysAllThatMatch() {
		crm.answers(410);
		String id = newId("dead");
		standIn.crun(id).withFaces(2);
		watch("crun", id);
		crm.answers(200);
		browser.open(url("/page/dead-letters?target=crm&provider=crun&count=yes"));
		browser.shows(id, "dead letters match");
		browser.click("form[action$=replay-all] [type=submit]");
		browser.showsIn("h1", "Replay ");
		patiently().until(() -> browser.laterText().contains("done"));
		assertThat(awaitEnd("crun", id).path("deliveries").findValuesAsText("status")).containsOnly("DELIVERED");
		browser.open(url("/page/audit"));
		browser.shows("bob", "replay", "target=crm");
	}

	@Test
	void showsHowFarABatchIs() {
		String id = newId("of-batch");
		standIn.crun(id).withoutFaces();
		register(JsonNodeFactory.instance.objectNode()
			.put("provider", "crun")
			.put("jobId", id)
			.put("batch", id)
			.put("batchSize", 1));
		awaitEnd("crun", id);
		browser.open(url("/page/jobs/crun/" + id));
		browser.click("a[href^='/page/batches/']");
		browser.showsIn("h1", "Batch " + id);
		patiently().until(() -> browser.laterText().contains("completed"));
		browser.shows("1 of 1 have ended");
	}

	@Test
	void showsABatchAsItComesToItsEnd() {
		String batch = newId("growing");
		List<String> ids = IntStream.range(0, 3).mapToObj((number) -> newId("of-batch")).toList();
		ids.forEach((id) -> {
			standIn.crun(id).withoutFaces().finishesAfter(Duration.ofHours(1));
			register(JsonNodeFactory.instance.objectNode()
				.put("provider", "crun")
				.put("jobId", id)
				.put("batch", batch)
				.put("batchSize", 3));
		});
		browser.open(url("/page/batches/" + batch));
		browser.shows("0 of 3 have ended", "sealed");
		for (int ended = 1; ended <= 3; ended++) {
			String text = ended + " of 3 have ended";
			standIn.crun(ids.get(ended - 1)).finishesAfter(Duration.ZERO);
			patiently().until(() -> browser.laterText().contains(text));
			if (Browser.isReal()) {
				assertThat(browser.run("return document.querySelector('progress').position * 3"))
					.isEqualTo((long) ended);
			}
		}
		patiently().until(() -> browser.laterText().contains("completed"));
		browser.open(url("/page/jobs?batch=" + batch));
		browser.shows(ids.toArray(String[]::new));
	}

	@Test
	void pausesAnAccountByItself() {
		browser.open(url("/"));
		browser.showsIn("#account-crun-team-b", "asking");
		browser.press("Pause crun/team-b");
		browser.showsIn("#account-crun-team-b", "paused: operator");
		browser.showsIn("#account-crun-default", "asking");
		browser.press("Resume crun/team-b");
		browser.showsIn("#account-crun-team-b", "asking");
	}

	@Test
	void showsHowManyJobsOfAnAccountWaitToBeSubmitted() {
		String id = newId("media");
		post("/providers/crun/accounts/team-b/pause", "");
		register(JsonNodeFactory.instance.objectNode()
			.put("provider", "crun")
			.put("mediaUrl", "https://media.example.com/" + id + ".png")
			.put("requestId", id)
			.put("account", "team-b"));
		browser.open(url("/"));
		assertThat(browser.textOf("#account-crun-team-b .submitting")).isEqualTo("1");
		assertThat(browser.textOf("#account-crun-default .submitting")).isEqualTo("0");
		post("/requests/" + id + "/abandon", "");
		post("/providers/crun/accounts/team-b/resume", "");
	}

	@Test
	void showsWhyAnAccountIsPaused() {
		String id = newId("refused");
		standIn.crun(id).withoutFaces();
		register(JsonNodeFactory.instance.objectNode()
			.put("provider", "crun")
			.put("jobId", id)
			.put("account", "team-c"));
		browser.open(url("/"));
		patiently().until(() -> {
			browser.laterText();
			return browser.textOf("#account-crun-team-c").contains("paused: refused");
		});
		browser.showsIn("#account-crun-team-c", "401", "Asked again at");
		browser.showsIn("#account-crun-default", "asking");
		delete("/jobs/crun/" + id);
	}

	@Test
	void letsAPersonDecideAboutWhatMayHaveBeenSubmitted() {
		String id = unconfirmed();
		browser.open(url("/page/jobs?status=unconfirmed"));
		browser.click(decisionOf(id));
		browser.press("Abandon request " + id);
		patiently().until(() -> requestStatus(id).equals("ABANDONED"));
		assertThat(standIn.submissions(mediaUrlOf(id))).hasSize(1);
	}

	/** Neither by a look that was under way when it was opened, nor by later ones. */
	@Test
	void keepsADecisionOpenThatAPersonHasBegun() {
		assumeThat(Browser.isReal()).as("nothing is live in HtmlUnit").isTrue();
		String id = unconfirmed();
		browser.open(url("/page/jobs?status=unconfirmed"));
		browser.find(decisionOf(id));
		browser.run("""
				window.looks = 0;
				document.addEventListener('htmx:afterRequest', () => window.looks++);
				htmx.trigger(document.getElementById('live'), 'look');
				document.querySelector(arguments[0]).click();""", decisionOf(id));
		patiently().until(() -> browser.run("return window.looks > 0").equals(true));
		browser.click("details[open] p");
		String other = unconfirmed();
		await().during(Duration.ofSeconds(2))
			.atMost(Duration.ofSeconds(10))
			.until(() -> browser.find("button[aria-label='Abandon request %s']".formatted(id)).isDisplayed());
		browser.press("Abandon request " + id);
		patiently().until(() -> requestStatus(id).equals("ABANDONED"));
		assertThat(post("/requests/" + other + "/abandon", "").statusCode()).isEqualTo(200);
	}

	@Test
	void attachesWhatTheProviderHasTaken() {
		String jobId = newId("taken");
		standIn.crun(jobId).withFaces(1);
		String id = unconfirmed();
		browser.open(url("/page/jobs?status=unconfirmed"));
		browser.click(decisionOf(id));
		browser.fill("[aria-label='Id at the provider of request %s']".formatted(id), jobId);
		browser.press("Attach request " + id);
		browser.showsIn("h1", "crun/" + jobId);
		assertThat(awaitEnd("crun", jobId).path("status").asText()).isEqualTo("SUCCEEDED");
	}

	/** A request of which nobody knows whether the provider has taken it. */
	private String unconfirmed() {
		String id = newId("request");
		standIn.submitting(mediaUrlOf(id), Reply.reset());
		register(JsonNodeFactory.instance.objectNode()
			.put("provider", "crun")
			.put("mediaUrl", mediaUrlOf(id))
			.put("requestId", id));
		patiently().until(() -> requestStatus(id).equals("UNCONFIRMED"));
		return id;
	}

	private static String mediaUrlOf(String requestId) {
		return "https://media.example.com/" + requestId + ".png";
	}

	private static String decisionOf(String requestId) {
		return "[aria-label='Decide about request %s']".formatted(requestId);
	}

	private String requestStatus(String id) {
		return parse(get("/requests/" + id).body()).path("status").asText();
	}

	@Test
	void replaysWhatIsChosen() {
		crm.answers(410);
		String id = newId("dead");
		standIn.crun(id).withoutFaces();
		watch("crun", id);
		crm.answers(200);
		browser.open(url("/page/dead-letters?target=crm"));
		browser.click("[aria-label='Choose crun:%s:job to crm']".formatted(id));
		browser.press("Replay chosen");
		browser.shows("1 deliveries are due again.");
		patiently().until(() -> !job("crun", id).path("deliveries").findValuesAsText("status").contains("DEAD"));
	}

	@Test
	void pausesByTheKeyboardAlone() {
		assumeThat(Browser.isReal()).as("HtmlUnit presses no button by a key").isTrue();
		browser.open(url("/"));
		browser.find("body").sendKeys(Keys.TAB);
		browser.pressByKey("Pause files");
		browser.shows("paused by an operator");
		browser.pressByKey("Resume files");
		browser.showsNoMore("paused by an operator");
	}

	@Test
	void wantsATokenOnce() {
		browser.press("Log out");
		browser.showsIn("h1", "Log in");
		browser.open(url("/page/jobs"));
		browser.showsIn("h1", "Log in");
		browser.fill("[name=token]", "of-carol");
		browser.press("Log in");
		browser.shows("token: missing or wrong; expected one of vedette.intake-token");
		logIn("of-bob");
		browser.showsIn("h1", "Now");
		browser.shows("bob (operate)");
		if (Browser.isReal()) {
			assertThat(browser.run("return document.cookie")).isEqualTo("");
		}
	}

	@Test
	void letsAReaderLookAlone() {
		logIn("of-alice");
		browser.shows("alice (read)");
		assertThat(browser.text()).doesNotContain("Pause");
		String cookie = cookie("of-alice");
		HttpResponse<String> act = post("/page/targets/files/pause", "form-token=x", cookie);
		assertThat(act.statusCode()).isEqualTo(403);
		assertThat(act.body()).contains("the token \\\"alice\\\" has the role read");
		assertThat(call(super.request("/page/audit").header("cookie", cookie)).statusCode()).isEqualTo(200);
	}

	@Test
	void aSessionIsSignedAndCountsAtThePageAlone() {
		String cookie = cookie("of-bob");
		assertThat(cookie).doesNotContain("of-bob");
		assertThat(call(super.request("/jobs").header("cookie", cookie)).statusCode()).isEqualTo(401);
		assertThat(call(super.request("/page/../jobs").header("cookie", cookie)).statusCode()).isEqualTo(401);
		assertThat(call(super.request("/page/jobs").header("cookie", cookie)).statusCode()).isEqualTo(200);
		String forged = cookie.replaceFirst("=[^.]*", "=YWxpY2U");
		assertThat(call(super.request("/page/jobs").header("cookie", forged)).statusCode()).isEqualTo(401);
		HttpResponse<String> act = post("/page/targets/files/pause", "form-token=x", cookie);
		assertThat(act.statusCode()).isEqualTo(403);
		assertThat(act.body()).contains("form: not of this session");
	}

	/** Logs in, as a browser does; the cookie that it sends from then on. */
	private String cookie(String token) {
		HttpResponse<String> answer = post("/login", "token=" + token, "");
		assertThat(answer.statusCode()).isEqualTo(303);
		String cookie = answer.headers().firstValue("set-cookie").orElseThrow();
		assertThat(cookie).contains("HttpOnly", "SameSite=Strict");
		return cookie.replaceFirst(";.*", "");
	}

	private HttpResponse<String> post(String path, String form, String cookie) {
		return call(super.request(path).header("content-type", "application/x-www-form-urlencoded")
			.header("cookie", cookie)
			.POST(BodyPublishers.ofString(form)));
	}

	@Test
	void refusesThePageOfSomebodyElse() {
		crm.answers((request) -> Reply.status(200)
			.header("content-type", "text/html")
			.body("<form method=post action='%s'><button>Win</button></form>"
				.formatted(url("/page/targets/files/pause"))
				.getBytes(StandardCharsets.UTF_8)));
		browser.open(crm.url());
		browser.press("Win");
		if (Browser.isReal()) {
			patiently().until(() -> browser.run("return document.body.textContent")
				.toString()
				.contains("Origin: another web page"));
		}
		browser.open(url("/"));
		assertThat(browser.text()).doesNotContain("paused by an operator");
	}

	@Test
	void showsHostileTextsAsText() {
		String hostile = "<img src=x onerror=\"window.hostile=1\"><script>window.hostile=1</script>";
		String id = newId("h") + "\"><svg onload='window.hostile=1'>/${7*7}";
		standIn.crun(id).failing(hostile, 422);
		JsonNode request = JsonNodeFactory.instance.objectNode()
			.put("provider", "crun")
			.put("jobId", id)
			.put("reference", hostile);
		register(request);
		awaitEnd("crun", id);
		for (String path : List.of("/page/jobs", "/page/jobs?status=failed&reference=" + encoded(hostile),
				"/page/jobs/crun/" + encoded(id), "/page/jobs?status=" + encoded(hostile))) {
			browser.open(url(path));
			if (Browser.isReal()) {
				assertThat(browser.run("return window.hostile === undefined")).as(path).isEqualTo(true);
			}
		}
		browser.open(url("/page/jobs/crun/" + encoded(id)));
		browser.shows(id, hostile);
	}

	private static String encoded(String text) {
		return UriUtils.encode(text, StandardCharsets.UTF_8);
	}

	@Test
	void drawsTheRoutesAsTheyAreLoaded() {
		browser.open(url("/page/configuration"));
		assertThat(browser.find("svg.routes").getAttribute("textContent")).contains("register-jobs", "poll-crun",
				"ask-crun", "send-to-crm");
		if (Browser.isReal()) {
			browser.resize(400, 800);
			browser.find("svg.routes a[href='#route-ask-crun']").sendKeys(Keys.ENTER);
			patiently().until(() -> browser.run("return location.hash").equals("#route-ask-crun"));
			assertThat(((Number) browser.run("return document.querySelector('svg.routes text').getBBox().height "
					+ "* document.querySelector('svg.routes').getScreenCTM().a"))
				.doubleValue()).isGreaterThan(11);
		}
	}

	/** What axe-core sees, and a telephone. */
	@Test
	void everyScreenIsForEverybody() throws IOException {
		assumeThat(Browser.isReal()).isTrue();
		String id = newId("seen");
		standIn.crun(id).withFaces(2);
		crm.answers(410);
		register(JsonNodeFactory.instance.objectNode().put("provider", "crun").put("jobId", id).put("batch", id));
		awaitEnd("crun", id);
		Files.createDirectories(this.data.resolve("rejected"));
		Files.writeString(this.data.resolve("rejected/x.reason.json"), "{\"source\":\"x\",\"reason\":\"why\"}\n");
		browser.complaints();
		for (String path : List.of("/", "/page/jobs", "/page/jobs/crun/" + id, "/page/jobs/crun/none",
				"/page/batches/" + id, "/page/jobs?batch=" + id, "/page/dead-letters?target=crm&count=yes",
				"/page/rejected", "/page/audit", "/page/configuration", "/login")) {
			browser.resize(1200, 900);
			browser.open(url(path));
			assertThat(browser.violations()).as(path).isEmpty();
			browser.resize(400, 800);
			assertThat(browser.run("return document.documentElement.scrollWidth <= window.innerWidth")).as(path)
				.isEqualTo(true);
		}
		assertThat(browser.complaints()).allMatch((one) -> one.contains("/page/jobs/crun/none"));
	}

	/** And a second is enough for a browser where the machine is its own. */
	@Test
	void isThereAtOnceWithAHundredThousandJobs() {
		this.jdbc.sql("""
				insert into job (provider, job_id, status, registered_at, finished_at, polls)
				select 'crun', 'many-' || x, 'SUCCEEDED', dateadd('DAY', -1, current_timestamp),
				dateadd('DAY', -1, current_timestamp), 1 from system_range(1, 100000) t(x)
				""").update();
		try {
			for (String path : List.of("/", "/page/jobs", "/page/jobs?q=many-99&status=succeeded",
					"/page/dead-letters")) {
				browser.open(url(path));
				browser.open(url(path));
				Number paint = Browser.isReal() ? firstPaint() : 0;
				System.out.printf("%s with 100,000 jobs: first paint after %.0f ms%n", path, paint.doubleValue());
				assertThat(paint.doubleValue()).as(path).isLessThan(10_000);
			}
		}
		finally {
			this.jdbc.sql("delete from job where job_id like 'many-%'").update();
		}
	}

	/** A page may be loaded before its first frame is drawn. */
	private static Number firstPaint() {
		return patiently().until(() -> (Number) browser.run("""
				return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"""), Objects::nonNull);
	}

	/** For the README, with -Dscreenshots=true. */
	@Test
	@EnabledIfSystemProperty(named = "screenshots", matches = "true")
	void takesItsPictures() throws IOException {
		for (int i = 0; i < 40; i++) {
			String id = newId("clip");
			standIn.akool(id).finishesAfter(Duration.ofMillis(2500 + 37 * (i * i % 40))).withFaces(1);
			register("akool", id);
		}
		String last = newId("group");
		standIn.crun(last).withFaces(5);
		watch("crun", last);
		patiently().until(() -> !parse(get("/providers").body()).at("/providers/0/learned").isNull());
		browser.resize(1200, 860);
		browser.open(url("/"));
		Files.write(Path.of("docs/page-now.png"), browser.picture());
		browser.open(url("/page/jobs/crun/" + last));
		patiently().until(() -> browser.all(".gallery img").size() == 5);
		Files.write(Path.of("docs/page-job.png"), browser.picture());
	}

	/** The page is not part of the API's description. */
	private static HttpResponse<String> call(HttpRequest.Builder request) {
		try {
			return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private String url(String path) {
		return request(path).build().uri().toString();
	}

}
