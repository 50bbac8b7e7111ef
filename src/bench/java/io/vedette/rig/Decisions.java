package io.vedette.rig;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.standin.ProviderStandIn;
import org.springframework.web.util.UriUtils;

/** Decides what is listed as unconfirmed, as a person would who asks the provider. */
final class Decisions {

	private static final String NO_ID = "none";

	private final Set<String> abandoned = new LinkedHashSet<>();

	private final ProviderStandIn providers;

	private final Journal journal;

	private int listed;

	private int attached;

	private int again;

	/**
	 * How many of what was listed were attached to the provider's id, submitted again as
	 * no POST had come there, and abandoned.
	 */
	record Count(int listed, int attached, int again, int abandoned) {
	}

	Decisions(ProviderStandIn providers, Journal journal) {
		this.providers = providers;
		this.journal = journal;
	}

	/** Decides all that is listed. */
	void decide(RigNode node) throws Exception {
		String next = "";
		do {
			JsonNode page = node.jar().get("/jobs?status=UNCONFIRMED&limit=1000" + next);
			for (JsonNode job : page.path("jobs")) {
				this.listed++;
				decide(node, job.path("mediaUrl").asText(), job.path("requestId").asText());
			}
			next = page.path("next").isNull() ? null
					: "&after=" + UriUtils.encode(page.path("next").asText(), StandardCharsets.UTF_8);
		}
		while (next != null);
	}

	private void decide(RigNode node, String mediaUrl, String requestId) throws Exception {
		List<String> known = this.providers.submissions(mediaUrl);
		String id = known.stream().filter((one) -> !one.equals(NO_ID)).findFirst().orElse(null);
		if (id != null) {
			this.attached++;
			call(node, requestId, "attach", "{\"jobId\":\"%s\"}".formatted(id));
		}
		else if (known.isEmpty()) {
			this.again++;
			call(node, requestId, "submit-again", "");
		}
		else {
			this.abandoned.add(mediaUrl);
			call(node, requestId, "abandon", "");
		}
	}

	private void call(RigNode node, String requestId, String act, String body) throws Exception {
		String path = "/requests/%s/%s".formatted(UriUtils.encode(requestId, StandardCharsets.UTF_8), act);
		HttpResponse<String> response = node.jar().post(path, body);
		this.journal.note("%s %s: %d".formatted(act, requestId, response.statusCode()));
		if (response.statusCode() != 200) {
			this.journal.problem("%s %s: %d %s".formatted(act, requestId, response.statusCode(), response.body()));
		}
	}

	boolean isAbandoned(String mediaUrl) {
		return this.abandoned.contains(mediaUrl);
	}

	Count count() {
		return new Count(this.listed, this.attached, this.again, this.abandoned.size());
	}

}
