package io.vedette.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.vedette.VedetteApplication;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What an operator reads when Vedette does not start: what is wrong, what to do, no stack
 * trace and no secret.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConfigurationTest {

	/** Other threads may still be busy with what an earlier test has started. */
	private static final Pattern WARNING_OF_THE_START = Pattern.compile("WARN \\d+ --- \\[vedette] \\[ *main]");

	private static final String SECRET = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXM=";

	@TempDir
	Path data;

	@Test
	void namesTheKeyThatWasMeantAndKeepsTheValueToItself(CapturedOutput output) {
		assertThat(refusal(output, "vedette.providers.akool.api-keyy=hunter2"))
			.contains("\"vedette.providers.akool.api-keyy\": unknown key")
			.contains("Did you mean \"vedette.providers.akool.api-key\"?")
			.doesNotContain("hunter2");
	}

	@Test
	void namesTheKeyOfAnAccountThatWasMeant(CapturedOutput output) {
		assertThat(refusal(output, "vedette.providers.akool.accounts.team-b.api-keyy=hunter2"))
			.contains("Did you mean \"vedette.providers.akool.accounts.team-b.api-key\"?")
			.doesNotContain("hunter2");
	}

	@Test
	void refusesAnAccountOfTheNameOfTheProvidersOwn(CapturedOutput output) {
		assertThat(refusal(output, "vedette.providers.akool.accounts.default.api-key=hunter2"))
			.contains("\"vedette.providers.akool.accounts.default\": the account default has the key")
			.doesNotContain("hunter2");
	}

	@Test
	void refusesToWatchFewerJobsThanThereAreProviders(CapturedOutput output) {
		assertThat(refusal(output, "vedette.watching.max=1"))
			.contains("\"vedette.watching.max\": 1; expected at least 2, one job of each account of each provider.");
	}

	@Test
	void refusesAWebhookWithoutASecret(CapturedOutput output) {
		assertThat(refusal(output, "vedette.targets.crm.uri=https://crm.example.com/hook"))
			.contains("\"vedette.targets.crm.secret\": missing")
			.contains("VEDETTE_TARGETS_CRM_SECRET")
			.contains("openssl rand");
	}

	@ParameterizedTest
	@ValueSource(strings = { "hunter2", "whsec_hunter2!", "whsec_aHVudGVyMg==" })
	void refusesABadSecretWithoutRepeatingIt(String secret, CapturedOutput output) {
		assertThat(refusal(output, "vedette.targets.crm.uri=https://crm.example.com/hook",
				"vedette.targets.crm.secret=" + secret))
			.contains("\"vedette.targets.crm.secret\": ")
			.contains("VEDETTE_TARGETS_CRM_SECRET")
			.doesNotContain(secret.replace("whsec_", ""));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			vedette.providers.akool.polling=sometimes     | "sometimes" can't be read | one of learned, backoff, fixed
			vedette.providers.crun.max-wait=an hour       | "an hour" can't be read   | a duration such as 500ms
			vedette.lease=soon                            | "soon" can't be read      | a duration such as 500ms
			vedette.providers.akool.rate-limit=20         | "20" can't be read        | <requests>/<duration>
			vedette.providers.akool.rate-limit=0/10s      | "0/10s" can't be read     | <requests>/<duration>
			vedette.providers.akool.rate-limit=20/0s      | "20/0s" can't be read     | <requests>/<duration>
			vedette.targets.files.images=perhaps          | "perhaps" can't be read   | true or false
			""")
	void saysHowAValueIsWritten(String setting, String observed, String expected, CapturedOutput output) {
		assertThat(refusal(output, setting)).contains("\"" + setting.split("=")[0] + "\": " + observed)
			.contains(expected);
	}

	@Test
	void saysHowOneWaitOfARetryScheduleIsWritten(CapturedOutput output) {
		assertThat(refusal(output, "vedette.targets.files.retry=5s,often")).contains("\"vedette.targets.files.retry\"")
			.contains("5s,often");
	}

	@ParameterizedTest
	@ValueSource(strings = { "vedette.providers.akool.min-delay=0s", "vedette.providers.akool.min-delay=-1s",
			"vedette.providers.akool.max-wait=0s", "vedette.providers.akool.target-lag=0s",
			"vedette.providers.akool.result-lifetime=-1d", "vedette.providers.crun.not-found-grace=-1s",
			"vedette.retention=0d", "vedette.targets.files.retry=5s,-1s" })
	void refusesTimesThatAreNone(String setting, CapturedOutput output) {
		assertThat(refusal(output, setting)).contains("\"" + setting.split("=")[0] + "\": ")
			.containsPattern("expected (a time |longer |at least )");
	}

	@Test
	void refusesATokenUnderTheNameOfTheOneThatHasNone(CapturedOutput output) {
		assertThat(refusal(output, "vedette.intake-tokens.intake-token.token=hunter2"))
			.contains("\"vedette.intake-tokens.intake-token\": the name of vedette.intake-token; expected another one.")
			.doesNotContain("hunter2");
	}

	@Test
	void refusesALeaseThatIsShorterThanTwoHeartbeats(CapturedOutput output) {
		assertThat(refusal(output, "vedette.lease=1s")).contains("\"vedette.lease\": 1000 ms; expected at least ");
	}

	@Test
	void refusesAShortestWaitThatIsLongerThanTheLongest(CapturedOutput output) {
		assertThat(refusal(output, "vedette.providers.crun.min-delay=2m")).contains(
				"\"vedette.providers.crun.max-delay\": 30s is shorter than the min-delay of 2m; expected the same or longer.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "vedette.face.found", "''" })
	void refusesAnEventTypeThatIsNone(String type, CapturedOutput output) {
		assertThat(refusal(output, "vedette.targets.files.events=" + type))
			.contains("\"vedette.targets.files.events\": ")
			.contains("vedette.face.detected, vedette.job.succeeded");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1", "257" })
	void refusesAConcurrencyThatIsNone(String number, CapturedOutput output) {
		assertThat(refusal(output, "vedette.targets.files.concurrency=" + number))
			.contains("\"vedette.targets.files.concurrency\": " + number + "; expected a number from 1 to 256.");
	}

	@Test
	void refusesAProviderThatNoRouteAsks(CapturedOutput output) {
		assertThat(refusal(output, "vedette.providers.akol.api-key=hunter2"))
			.contains(
					"\"vedette.providers.akol\": no route ask-akol asks this provider; expected one of [akool, crun].")
			.contains("Did you mean \"akool\"?")
			.doesNotContain("hunter2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "openapi.akool.com", "ftp://openapi.akool.com", "https://", "https://openapi.akool.com/",
			"https://openapi.akool.com?key=hunter2" })
	void refusesABaseUrlThatIsNone(String url, CapturedOutput output) {
		assertThat(refusal(output, "vedette.providers.akool.base-url=" + url.replace("'", "")))
			.contains("\"vedette.providers.akool.base-url\": ")
			.doesNotContain("hunter2");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			vedette.targets.bus.uri=kafak:faces                      | Camel has no component "kafak"
			vedette.targets.bus.uri=seda:faces?sise=5                | sise
			vedette.targets.bus.uri=seda:faces?pasword=hunter2       | {pasword=...}
			vedette.targets.bus.uri=http://                          | no web address
			vedette.targets.files.uri=file:out?tempPrefixx=x         | tempPrefixx
			vedette.targets.Bus_1.uri=seda:faces                     | lower-case letters, digits and hyphens
			vedette.intakes.bus.uri=kafak:jobs                       | Camel has no component "kafak"
			vedette.intakes.bus.uri=seda:jobs?concurrentConsumer=2   | concurrentConsumer
			vedette.intakes.Bus_1.uri=seda:jobs                      | lower-case letters, digits and hyphens
			vedette.rejected.uri=kafak:rejected                      | Camel has no component "kafak"
			vedette.rejected.uri=''                                  | "vedette.rejected.uri": blank
			vedette.egress.allow=http://10.0.0.1/                    | neither host, IP address nor CIDR
			""")
	void refusesEndpointsThatCamelDoesNotKnow(String setting, String observed, CapturedOutput output) {
		assertThat(refusal(output, setting)).contains(observed).doesNotContain("hunter2");
	}

	@ParameterizedTest
	@CsvSource({ "rabitmq, spring-rabbitmq", "rabbitmq, spring-rabbitmq", "mqtt, paho-mqtt5", "kafak, kafka",
			"htps, https" })
	void namesTheSchemeThatWasMeant(String scheme, String meant) {
		assertThatThrownBy(() -> EndpointCheck.resolve(new DefaultCamelContext(), "vedette.targets.bus.uri",
				scheme + ":faces?password=hunter2"))
			.isInstanceOfSatisfying(ConfigurationProblem.class,
					(problem) -> assertThat(problem.action())
						.startsWith("Did you mean \"" + meant + ":\"? Correct the URI")
						.doesNotContain("hunter2"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					jdbc:mysql://db.example.com/x?password=hunter2      | "jdbc:mysql" is a database that Vedette does not know; expected H2 (jdbc:h2:...) or PostgreSQL
					postgres://me:hunter2@db.example.com/x              | "postgres" is a database that Vedette does not know
					''                                                  | no URL; expected H2
					""")
	void refusesOtherDatabases(String url, String observed, CapturedOutput output) {
		assertThat(refusal(output, "spring.datasource.url=" + url)).contains("\"spring.datasource.url\": " + observed)
			.doesNotContain("hunter2");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			28P01 | Set SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD
			28000 | Set SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD
			3D000 | Create the database
			42501 | grant create
			08001 | Check host and port
			90020 | no other Vedette runs on the same vedette.data
			      | Check the URL
			""")
	void saysWhatToDoAboutADatabase(String state, String action) {
		SQLException fault = new SQLException("refused", state);
		assertThat(new DatabaseAnalyzer().analyze(fault, fault).getAction()).contains(action);
	}

	@Test
	void namesFileAndLineOfAConfigurationThatIsNoYaml(CapturedOutput output) throws IOException {
		Path file = Files.writeString(this.data.resolve("application.yaml"), "vedette:\n\tnode: a\n");
		assertThat(refusal(output, "spring.config.additional-location=file:" + this.data + "/"))
			.contains(file.toString())
			.contains(", line 2: found character '\\t(TAB)'")
			.contains("never by tabs");
	}

	@Test
	void saysThatADirectoryCanNotBeWritten(CapturedOutput output) throws IOException {
		Path file = Files.createFile(this.data.resolve("file"));
		assertThat(refusal(output, "vedette.data=" + file))
			.contains("\"vedette.data\": \"" + file + "\" can't be written")
			.contains("set vedette.data");
	}

	@Test
	void saysThatAPortIsTaken(CapturedOutput output) throws IOException {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertThat(refusal(output, "server.port=" + other.getLocalPort()))
				.contains("Port " + other.getLocalPort() + " was already in use")
				.containsOnlyOnce("ERROR");
		}
	}

	@Test
	void namesTheTableAndTheParameterThatIsWrong(CapturedOutput output) {
		assertThat(refusal(output,
				"camel.main.routes-include-pattern=classpath:routes/*.camel.yaml,"
						+ "file:src/test/resources/broken-tables/ask-sample.camel.yaml"))
			.contains("route \"ask-sample\", parameter \"statsu\": unknown; expected one of [provider, url, ")
			.contains("Did you mean \"status\"? Correct the name. The route is in ask-sample.camel.yaml");
	}

	@Test
	void namesTheTableThatSubmitsAndTheProgramThatIsNone(CapturedOutput output) {
		assertThat(refusal(output,
				"camel.main.routes-include-pattern=classpath:routes/*.camel.yaml,"
						+ "file:src/test/resources/broken-tables/ask-media.camel.yaml"))
			.contains("route \"submit-media\", parameter \"body\": no jq: ")
			.contains("Correct the program. The route is in ask-media.camel.yaml");
	}

	@Test
	void startsWithUnusualButSoundSettings(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run("vedette.targets.webhook.uri=https://crm.example.com?q=a%20b",
				"vedette.targets.webhook.secret=" + SECRET, "vedette.targets.files.retry=",
				"vedette.targets.files.events=vedette.job.failed,vedette.job.expired",
				"vedette.providers.akool.not-found-grace=0s", "vedette.providers.akool.polling=FIXED",
				"vedette.intakes.inbox.uri=", "vedette.intakes.files.uri=seda:jobs",
				"vedette.providers.crun.api-key=hunter2", "vedette.providers.crun.accounts.team-b.token=hunter2",
				"vedette.node=n1")) {
			assertThat(context.isRunning()).isTrue();
			assertThat(output.getAll())
				.contains("Vedette is ready after ",
						"127.0.0.1:" + context.getEnvironment().getProperty("local.server.port")
								+ ", for callers on this machine",
						"data        " + this.data, "database    jdbc:h2:file:" + this.data + "/db/vedette\n",
						"node        n1\n",
						"provider    akool, no key: its API will refuse every poll. Set AKOOL_API_KEY\n",
						"provider    crun, key set, VEDETTE_PROVIDERS_CRUN_APIKEY\n",
						"account     crun/team-b, token set, VEDETTE_PROVIDERS_CRUN_ACCOUNTS_TEAMB_TOKEN\n",
						"target      files, file:" + this.data + "/out\n", "target      webhook, webhook\n",
						"intake      files, seda\n", "routes      all as packaged")
				.doesNotContain("hunter2", SECRET, "crm.example.com", "intake      inbox", "Started Vedette");
			// Other applications of this JVM may warn meanwhile, in threads of their own.
			assertThat(output.getAll().lines()).noneMatch((line) -> line.contains(" WARN ") && line.contains(" main]"));
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					vedette.intake-tokens.alice.role=read    | "vedette.intake-tokens.alice.token": missing
					vedette.intake-tokens.alice.token=the-old-one | "vedette.intake-tokens.alice.token": the same as another token
					vedette.intake-tokens.Al_ice.token=x     | "vedette.intake-tokens.Al_ice": the name is not made of
					vedette.intake-tokens.alice.role=admin   | vedette.intake-tokens.alice.role
					vedette.intake-tokens.alice.tokn=x       | Did you mean "vedette.intake-tokens.alice.token"?
					""")
	void refusesATokenThatTellsNobody(String setting, String problem, CapturedOutput output) {
		assertThat(refusal(output, "vedette.intake-token=the-old-one", setting)).contains(problem)
			.doesNotContain("the-old-one");
	}

	private String refusal(CapturedOutput output, String... settings) {
		assertThatThrownBy(() -> run(settings).close()).isInstanceOf(Exception.class);
		assertThat(output.getAll()).containsOnlyOnce("Description:")
			.containsOnlyOnce("Action:")
			.doesNotContain("\tat ", "Error starting Tomcat")
			.doesNotContainPattern(WARNING_OF_THE_START);
		return output.getAll();
	}

	private ConfigurableApplicationContext run(String... settings) {
		List<String> arguments = Stream.of("--server.port=0", "--vedette.data=" + this.data)
			.filter((fixed) -> Arrays.stream(settings)
				.noneMatch((setting) -> fixed.startsWith("--" + setting.split("=")[0] + "=")))
			.collect(Collectors.toCollection(ArrayList::new));
		Arrays.stream(settings).map((setting) -> "--" + setting.replace("''", "")).forEach(arguments::add);
		return new SpringApplicationBuilder(VedetteApplication.class).run(arguments.toArray(String[]::new));
	}

}
