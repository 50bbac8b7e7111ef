package io.vedette.packaged;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.vedette.LiveDirectory;
import io.vedette.delivery.WebhookSignature;
import io.vedette.standin.ProviderStandIn;
import io.vedette.standin.Request;
import io.vedette.standin.WebhookStandIn;

import static org.assertj.core.api.Assertions.assertThat;

/** What surrounds a {@link PackagedJar}: the providers, and a webhook receiver. */
public final class Stage implements AutoCloseable {

	public static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

	private final ProviderStandIn providers = new ProviderStandIn().autoJobs("auto");

	private final WebhookStandIn webhook = new WebhookStandIn();

	public ProviderStandIn providers() {
		return this.providers;
	}

	public WebhookStandIn webhook() {
		return this.webhook;
	}

	/** The jar, with both providers at this stage and no limit to speak of. */
	PackagedJar.Launch launch(Path directory) {
		PackagedJar.Launch launch = PackagedJar.in(directory)
			.environment("AKOOL_API_KEY", this.providers.key("akool"))
			.environment("CRUN_API_KEY", this.providers.key("crun"))
			.set("vedette.egress.allow", "127.0.0.1");
		for (String provider : List.of("akool", "crun")) {
			String key = "vedette.providers." + provider;
			launch.set(key + ".base-url", this.providers.baseUrl())
				.set(key + ".rate-limit", "5000/1s")
				.set(key + ".min-delay", "200ms");
		}
		return launch;
	}

	/** The same, with the webhook receiver as target {@code crm}. */
	public PackagedJar.Launch launchWithWebhook(Path directory) {
		return launch(directory).set("vedette.targets.crm.uri", this.webhook.url())
			.environment("VEDETTE_TARGETS_CRM_SECRET", SECRET);
	}

	/** What the webhook was sent so far: the bodies of each event, by its id. */
	Map<String, List<String>> events() {
		return this.webhook.requests()
			.stream()
			.collect(Collectors.groupingBy((request) -> request.header("webhook-id"), TreeMap::new,
					Collectors.mapping(Request::text, Collectors.toList())));
	}

	/** How many requests the webhook was sent beyond one an event. */
	long duplicates() {
		return events().values().stream().mapToLong((bodies) -> bodies.size() - 1).sum();
	}

	/** Exactly the events of a load arrived at the webhook, each once and signed. */
	void assertDeliveredOnce(Load load) {
		Map<String, List<String>> events = events();
		assertThat(events.keySet()).isEqualTo(load.eventIds());
		assertThat(events.keySet()).filteredOn((id) -> events.get(id).size() > 1).as("delivered twice").isEmpty();
		assertThat(this.webhook.requests()).allMatch(Stage::isSigned);
	}

	/** Whether a request to the webhook bears the signature of its body. */
	public static boolean isSigned(Request request) {
		long timestamp = Long.parseLong(request.header("webhook-timestamp"));
		return WebhookSignature.of(SECRET)
			.sign(request.header("webhook-id"), timestamp, request.text())
			.equals(request.header("webhook-signature"));
	}

	/** All files below a directory, as paths relative to it. */
	public static Set<String> files(Path directory) {
		return LiveDirectory.files(directory)
			.stream()
			.map((file) -> directory.relativize(file).toString())
			.collect(Collectors.toSet());
	}

	/** A measured number, for whoever reads the report. */
	static void report(String format, Object... numbers) {
		System.out.printf(format + "%n", numbers);
	}

	@Override
	public void close() {
		this.providers.close();
		this.webhook.close();
	}

}
