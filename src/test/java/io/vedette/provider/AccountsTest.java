package io.vedette.provider;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.standin.Request;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several keys at one provider: some from the configuration, some from the files of a
 * config tree that change while Vedette runs.
 */
@Tag("store")
@ExtendWith(OutputCaptureExtension.class)
@TestPropertySource(properties = { "spring.config.import=configtree:target/account-keys/",
		"vedette.providers.akool.accounts.team-b.api-key=key-of-team-b",
		"vedette.providers.crun.accounts.small.api-key=key-of-small",
		"vedette.providers.crun.accounts.small.rate-limit=2/1h",
		"vedette.providers.crun.accounts.small.max-in-flight=3" })
class AccountsTest extends RunningVedette {

	private static final Path KEYS = Path.of("target/account-keys");

	private static final Duration NEVER = Duration.ofHours(1);

	@BeforeAll
	static void writeKeys() throws IOException {
		Files.createDirectories(KEYS);
		try (Stream<Path> old = Files.list(KEYS)) {
			old.forEach(AccountsTest::delete);
		}
		standIn.acceptsToo("akool", "key-of-team-b").acceptsToo("crun", "key-of-small");
		write("team-c", "api-key", "old-key-of-team-c");
	}

	private static void write(String account, String key, String value) throws IOException {
		Files.writeString(file(account, key), value + "\n");
	}

	private static Path file(String account, String key) {
		return KEYS.resolve("vedette.providers.akool.accounts." + account + "." + key);
	}

	private static void delete(Path file) {
		assertThat(file.toFile().delete()).isTrue();
	}

	@Test
	void asksForEachJobWithTheKeyOfItsAccount() {
		String own = newId("own");
		String other = newId("other");
		standIn.akool(own).withFaces(1);
		standIn.akool(other).withFaces(1);
		JsonNode registered = register("akool", own);
		assertThat(registered.path("account").asText()).isEqualTo("default");
		assertThat(register("akool", other, "team-b").path("account").asText()).isEqualTo("team-b");
		awaitEnd("akool", own);
		awaitEnd("akool", other);
		assertThat(keys("akool", own)).containsOnly(standIn.key("akool"));
		assertThat(keys("akool", other)).containsOnly("key-of-team-b");
		assertThat(events("akool", own)).hasSize(2)
			.allSatisfy((event) -> assertThat(event.path("data").has("account")).isFalse());
		assertThat(events("akool", other)).hasSize(2)
			.allSatisfy((event) -> assertThat(event.at("/data/account").asText()).isEqualTo("team-b"));
	}

	@Test
	void readsTheAccountFromAColumn() throws IOException {
		String id = newId("column");
		standIn.akool(id).withFaces(1);
		Files.writeString(this.data.resolve("inbox").resolve(id + ".csv"),
				"provider;jobId;Account\nakool;" + id + ";team-b\n");
		patiently().until(() -> get("/jobs/akool/" + id).statusCode() == 200);
		awaitEnd("akool", id);
		assertThat(keys("akool", id)).containsOnly("key-of-team-b");
	}

	@Test
	void refusesAnAccountThatIsNotConfigured() {
		HttpResponse<String> answer = post("/jobs", """
				{"provider":"akool","jobId":"x","account":"team-bb"}""");
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(parse(answer.body()).path("detail").asText()).contains(
				"account \"team-bb\": not configured for akool; expected one of [default, team-b",
				"Did you mean \"team-b\"?");
	}

	@Test
	void asksForAJobUnderItsFirstAccountForEver() {
		String id = newId("first");
		standIn.akool(id).finishesAfter(NEVER);
		register("akool", id, "team-b");
		assertThat(register("akool", id).path("account").asText()).isEqualTo("team-b");
		awaitPolls("akool", id, 3);
		assertThat(keys("akool", id)).containsOnly("key-of-team-b");
		delete("/jobs/akool/" + id);
	}

	@Test
	void keepsARateLimitForEachAccount() {
		List<String> small = IntStream.range(0, 4).mapToObj((number) -> newId("small")).toList();
		small.forEach((id) -> standIn.crun(id).finishesAfter(NEVER));
		small.forEach((id) -> register("crun", id, "small"));
		patiently().until(() -> account("crun", "small").path("used").asInt() == 2);
		String id = newId("large");
		standIn.crun(id).finishesAfter(Duration.ofSeconds(1));
		assertThat(watch("crun", id).path("polls").asInt()).isGreaterThan(3);
		assertThat(small.stream().mapToInt((one) -> standIn.polls("crun", one).size()).sum()).isEqualTo(2);
		JsonNode account = account("crun", "small");
		assertThat(account.path("rateLimit").asText()).isEqualTo("2/3600s");
		assertThat(account.path("maxInFlight").asInt()).isEqualTo(3);
		assertThat(account.path("watching").asInt()).isEqualTo(4);
		small.forEach((one) -> delete("/jobs/crun/" + one));
	}

	@Test
	void pausesTheAccountAloneWhoseKeyIsRefusedUntilANewOneIsRead() throws IOException {
		String refused = newId("refused");
		String fine = newId("fine");
		standIn.akool(refused).withFaces(1);
		standIn.akool(fine).withFaces(1);
		register("akool", refused, "team-c");
		patiently().until(() -> account("akool", "team-c").at("/pause/cause").asText().equals("refused"));
		assertThat(parse(get("/actuator/health").body()).at("/components/providers/details/akool~1team-c").asText())
			.isEqualTo("refused");
		assertThat(watch("akool", fine).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(account("akool", "default").get("pause").isNull()).isTrue();

		standIn.acceptsToo("akool", "new-key-of-team-c");
		write("team-c", "api-key", "new-key-of-team-c");
		HttpResponse<String> answer = reload();
		assertThat(answer.body())
			.isEqualTo("{\"accounts\":[{\"provider\":\"akool\",\"account\":\"team-c\",\"change\":\"changed\"}]}");
		assertThat(awaitEnd("akool", refused).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(keys("akool", refused)).containsOnly("old-key-of-team-c", "new-key-of-team-c");
		JsonNode order = parse(get("/audit?limit=1").body()).at("/audit/0");
		assertThat(order.path("act").asText()).isEqualTo("reload");
		assertThat(order.path("count").asInt()).isEqualTo(1);
	}

	@Test
	void hasTheJobsOfAnAccountWaitThatIsGone(CapturedOutput output) throws IOException {
		standIn.acceptsToo("akool", "key-of-team-d");
		write("team-d", "api-key", "key-of-team-d");
		assertThat(reload().body()).contains("\"team-d\",\"change\":\"added\"");
		String id = newId("gone");
		standIn.akool(id).finishesAfter(NEVER);
		register("akool", id, "team-d");
		awaitPolls("akool", id, 2);

		delete(file("team-d", "api-key"));
		assertThat(reload().body()).contains("\"team-d\",\"change\":\"removed\"");
		patiently().until(() -> account("akool", "team-d").at("/backlog/jobs").asInt() == 1);
		int polls = standIn.polls("akool", id).size();
		assertThat(account("akool", "team-d").path("configured").asBoolean()).isFalse();
		assertThat(account("akool", "team-d").path("watching").asInt()).isZero();
		assertThat(post("/jobs", "{\"provider\":\"akool\",\"jobId\":\"x\",\"account\":\"team-d\"}").statusCode())
			.isEqualTo(400);
		patiently().until(() -> output.toString().contains("akool/team-d: jobs of this account wait"));
		String other = newId("meanwhile");
		standIn.akool(other).finishesAfter(Duration.ofSeconds(3));
		watch("akool", other);
		assertThat(standIn.polls("akool", id)).hasSize(polls);
		assertThat(output.toString().split("akool/team-d: jobs of this account wait")).hasSize(2);
		assertThat(job("akool", id).path("status").asText()).isEqualTo("WATCHING");

		write("team-d", "api-key", "key-of-team-d");
		reload();
		awaitPolls("akool", id, polls + 2);
		assertThat(keys("akool", id)).containsOnly("key-of-team-d");
		delete("/jobs/akool/" + id);
		assertThat(output).doesNotContain("key-of-team-d");
	}

	@Test
	void changesNothingWhereAFileCannotBeRead() throws IOException {
		write("team-c", "rate-limit", "many");
		write("team-e", "api-key", "key-of-team-e");
		try {
			HttpResponse<String> answer = post("/accounts/reload", "");
			assertThat(answer.statusCode()).isEqualTo(400);
			assertThat(parse(answer.body()).path("detail").asText())
				.contains("accounts.team-c.rate-limit", "expected <requests>/<duration>", "Nothing was changed.")
				.doesNotContain("key-of");
			assertThat(account("akool", "team-e").isMissingNode()).isTrue();
		}
		finally {
			delete(file("team-c", "rate-limit"));
			delete(file("team-e", "api-key"));
		}
	}

	@Test
	void takesAnotherRateLimitWhileItRuns() throws IOException {
		write("team-f", "api-key", "key-of-team-f");
		reload();
		assertThat(account("akool", "team-f").path("share").asDouble()).isEqualTo(10_000);
		write("team-f", "rate-limit", "7/1s");
		assertThat(reload().body()).contains("\"team-f\",\"change\":\"changed\"");
		assertThat(account("akool", "team-f").path("rateLimit").asText()).isEqualTo("7/1s");
		assertThat(account("akool", "team-f").path("share").asDouble()).isEqualTo(7);
		delete(file("team-f", "rate-limit"));
		delete(file("team-f", "api-key"));
		reload();
		assertThat(account("akool", "team-f").isMissingNode()).isTrue();
	}

	@Test
	void pausesOneAccountForAnOperator() {
		assertThat(post("/providers/akool/accounts/team-b/pause", "").statusCode()).isEqualTo(200);
		String waits = newId("waits");
		String goesOn = newId("goes-on");
		standIn.akool(waits).withFaces(1);
		standIn.akool(goesOn).withFaces(1);
		register("akool", waits, "team-b");
		assertThat(watch("akool", goesOn).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(account("akool", "team-b").at("/pause/cause").asText()).isEqualTo("operator");
		assertThat(standIn.polls("akool", waits)).isEmpty();
		assertThat(post("/providers/akool/accounts/team-b/resume", "").statusCode()).isEqualTo(200);
		assertThat(awaitEnd("akool", waits).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(post("/providers/akool/accounts/team-x/pause", "").statusCode()).isEqualTo(404);
	}

	private HttpResponse<String> reload() {
		HttpResponse<String> answer = post("/accounts/reload", "");
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		return answer;
	}

	private JsonNode register(String provider, String jobId, String account) {
		return register(parse("{'provider':'%s','jobId':'%s','account':'%s'}".formatted(provider, jobId, account)));
	}

	private static List<String> keys(String provider, String jobId) {
		return standIn.polls(provider, jobId).stream().map((Request poll) -> poll.header("x-api-key")).toList();
	}

	/** As {@code GET /providers} shows it; missing where it does not. */
	private JsonNode account(String provider, String name) {
		for (JsonNode shown : parse(get("/providers").body()).path("providers")) {
			for (JsonNode account : shown.path("accounts")) {
				if (shown.path("provider").asText().equals(provider) && account.path("account").asText().equals(name)) {
					return account;
				}
			}
		}
		return parse("{}").path("none");
	}

}
