package io.vedette.cli;

import java.net.http.HttpRequest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Has a running Vedette send deliveries again. */
@Command(name = "replay",
		description = { "Has a running Vedette send deliveries again: without options, all dead ones.",
				"With --status, --provider, --type or --rate it does so in the background." })
final class ReplayCommand extends ClientCommand {

	@Option(names = "--dry-run", description = "Only counts them.")
	private boolean dryRun;

	@Option(names = "--status", paramLabel = "STATUS", description = "Dead or delivered ones.")
	private String status;

	@Option(names = "--target", paramLabel = "NAME", description = "Only those to this target.")
	private String target;

	@Option(names = "--provider", paramLabel = "NAME", description = "Only those of jobs of this provider.")
	private String provider;

	@Option(names = "--type", paramLabel = "TYPE",
			description = "Only those of events of this type, such as vedette.face.detected.")
	private String type;

	@Option(names = "--since", paramLabel = "TIME",
			description = "Only those settled from then on, such as 2026-05-27T00:00:00Z.")
	private String since;

	@Option(names = "--until", paramLabel = "TIME", description = "Only those settled before.")
	private String until;

	@Option(names = "--rate", paramLabel = "RATE", description = "No more than so many, as in 50/1s.")
	private String rate;

	@Override
	HttpRequest.Builder request(Call to) {
		ObjectNode filter = JsonNodeFactory.instance.objectNode();
		put(filter, "status", this.status);
		put(filter, "target", this.target);
		put(filter, "provider", this.provider);
		put(filter, "type", this.type);
		put(filter, "since", this.since);
		put(filter, "until", this.until);
		put(filter, "rate", this.rate);
		if (this.dryRun) {
			filter.put("dryRun", true);
		}
		return to.path("/deliveries/replay")
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(filter.toString()));
	}

	private static void put(ObjectNode filter, String name, String value) {
		if (value != null) {
			filter.put(name, value);
		}
	}

	@Override
	void print(JsonNode answer) {
		long matching = answer.path("matching").asLong();
		if (answer.has("replayed")) {
			out().println(matching + " deliveries are sent again");
		}
		else if (answer.has("id")) {
			out().println(
					"%d deliveries match; they are sent again in the background: GET /replays/%s shows how far it is."
						.formatted(matching, answer.path("id").asText()));
		}
		else {
			out().println(matching + " deliveries match");
		}
	}

}
