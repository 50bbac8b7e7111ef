package io.vedette.packaged;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

import io.vedette.standin.Reply;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Whatever goes wrong, the console shows no secret and no picture's address. */
class SecretsIT {

	private static final Duration ENOUGH = Duration.ofSeconds(60);

	private static final String MARK = "s3cr3t";

	private static final String WEBHOOK_KEY = Base64.getEncoder()
		.encodeToString((MARK + "-webhook-key-0123456789").getBytes(StandardCharsets.UTF_8));

	@AutoClose
	private final Stage stage = new Stage();

	@TempDir
	private Path directory;

	@Test
	void keepsSecretsAndPicturesOffTheConsole() throws Exception {
		breakEverything();
		try (PackagedJar jar = this.stage.launch(this.directory)
			.environment("AKOOL_API_KEY", MARK + "-akool")
			.environment("CRUN_API_KEY", MARK + "-crun")
			.environment("VEDETTE_INTAKE_TOKEN", MARK + "-token")
			.environment("VEDETTE_TARGETS_CRM_SECRET", "whsec_" + WEBHOOK_KEY)
			.environment("VEDETTE_TARGETS_DEAD_SECRET", "whsec_" + WEBHOOK_KEY)
			.set("vedette.targets.crm.uri", this.stage.webhook().url() + "/" + MARK + "?key=" + MARK)
			.set("vedette.targets.crm.retry", "100ms")
			.set("vedette.targets.dead.uri", "http://nobody:" + MARK + "@127.0.0.1:1/" + MARK)
			.set("vedette.targets.dead.retry", "100ms")
			.set("vedette.targets.files.retry", "100ms")
			.set("vedette.intakes.inbox.settle-time", "300ms")
			.start()) {
			sendBrokenRequests(jar);
			await().atMost(ENOUGH).untilAsserted(() -> {
				assertThat(jar.get("/jobs?status=WATCHING&provider=crun").path("jobs")).isEmpty();
				assertThat(jar.get("/deliveries?status=PENDING").path("deliveries")).isEmpty();
				assertThat(jar.get("/deliveries?status=DEAD").path("deliveries")).hasSizeGreaterThanOrEqualTo(12);
				assertThat(jar.console()).contains("akool refuses");
			});
			jar.stop();
			assertThat(jar.console().lines().filter((line) -> line.contains(" to dead: "))).isNotEmpty()
				.as("the reason of a delivery is its own, not that of an earlier poll")
				.allSatisfy((line) -> assertThat(line).contains("ConnectException"));
			assertThat(jar.console()).contains("WARN")
				.doesNotContain(MARK, WEBHOOK_KEY, "/pictures/", "face-picture", "wrong-token");
		}
	}

	/** Akool refuses the key; at crun and behind it everything breaks in another way. */
	private void breakEverything() {
		this.stage.providers().accepts("akool", "another").accepts("crun", MARK + "-crun");
		this.stage.webhook().answers(500, 410, 302, 404);
		Reply[] broken = { Reply.html("<p>" + MARK + " face-picture"), Reply.truncated(), Reply.empty(),
				Reply.nested(5000), Reply.status(503), Reply.json("{\"code\":500,\"message\":\"" + MARK + "\"}") };
		// Each picture at a host of its own: one that does not answer is asked ever more
		// seldom.
		for (int i = 0; i < broken.length; i++) {
			this.stage.providers()
				.crun("broken-" + i)
				.replies(broken[i], succeeded("http://127.0.0.1:%d/pictures/x.png".formatted(i + 2)));
		}
		List<String> pictures = List.of("http://127.0.0.1:1/pictures/0.png", "http://10.0.0.1/pictures/0.png",
				"file:///pictures/0.png", "http://not a url/pictures/0.png", "//pictures/0.png",
				"http://nowhere.invalid/pictures/face-picture.png",
				this.stage.providers().baseUrl() + "/pictures/missing?" + MARK);
		for (int i = 0; i < pictures.size(); i++) {
			this.stage.providers().crun("picture-" + i).withFacesAt(pictures.get(i));
		}
		this.stage.providers().crun("failed").failing(MARK + " face-picture", MARK);
	}

	private static Reply succeeded(String picture) {
		return Reply
			.json("""
					{"code": 200, "data": {"status": "succeeded", "result": {"id": "x", "faces": [{"id": 0, "link": "%s"}]}}}
					"""
				.formatted(picture));
	}

	private void sendBrokenRequests(PackagedJar jar) throws Exception {
		for (int i = 0; i < 7; i++) {
			jar.post("/jobs", "{\"provider\":\"crun\",\"jobId\":\"picture-%d\"}".formatted(i));
			jar.post("/jobs", "{\"provider\":\"crun\",\"jobId\":\"broken-%d\"}".formatted(i % 6));
		}
		jar.post("/jobs", "{\"provider\":\"crun\",\"jobId\":\"failed\"}");
		jar.post("/jobs", "{\"provider\":\"akool\",\"jobId\":\"refused\"}");
		jar.post("/jobs", "{\"provider\":\"nobody\",\"jobId\":\"1\",\"mediaUrl\":\"https://s3cr3t/pictures/\"}");
		jar.post("/jobs", "{\"s3cr3t\":");
		jar.post("/s3cr3t", "{}");
		jar.post("/deliveries/replay", "{\"target\":\"s3cr3t\"}");
		Path inbox = this.directory.resolve("data/inbox");
		Files.writeString(inbox.resolve("broken.json"), "{\"s3cr3t\": face-picture");
		Files.writeString(inbox.resolve("broken.csv"), "s3cr3t;face-picture\n\"");
		Files.writeString(inbox.resolve("broken.ndjson"), "{\"provider\":\"nobody\",\"reference\":\"s3cr3t\"}\n[");
		await().atMost(ENOUGH).until(() -> Stage.files(inbox).stream().allMatch((name) -> name.startsWith(".done/")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "vedette.targets.crm.secert=s3cr3t", "vedette.targets.crm.secret=s3cr3t",
			"vedette.providers.akool.api-kee=s3cr3t", "vedette.targets.bus.uri=nosuch:topic?password=s3cr3t",
			"spring.datasource.url=jdbc:postgresql://127.0.0.1:1/x?password=s3cr3t" })
	void refusesToStartWithoutRepeatingASecret(String setting) throws Exception {
		String[] pair = setting.split("=", 2);
		String console = this.stage.launch(this.directory)
			.set("vedette.targets.crm.uri", "https://crm.example.com/s3cr3t")
			.environment("VEDETTE_INTAKE_TOKEN", "s3cr3t-token")
			.set(pair[0], pair[1])
			.startInVain();
		assertThat(console).contains("APPLICATION FAILED TO START").doesNotContain(MARK);
	}

}
