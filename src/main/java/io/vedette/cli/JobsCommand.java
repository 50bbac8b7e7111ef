package io.vedette.cli;

import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the jobs of a running Vedette. */
@Command(name = "jobs", description = "Lists the jobs of a running Vedette, newest first.")
final class JobsCommand extends ClientCommand {

	@Option(names = "--status", paramLabel = "STATUS",
			description = "Only watching, succeeded, failed or expired ones; or submitting, unconfirmed or abandoned ones.")
	private String status;

	@Option(names = "--provider", paramLabel = "NAME", description = "Only those of this provider.")
	private String provider;

	@Option(names = "--account", paramLabel = "NAME",
			description = "Only those that are asked with the key of this account.")
	private String account;

	@Option(names = "--reference", paramLabel = "TEXT", description = "Only those with this reference.")
	private String reference;

	@Option(names = "--target", paramLabel = "NAME", description = "Only those whose events go to this target.")
	private String target;

	@Option(names = "--batch", paramLabel = "ID", description = "Only those of this batch.")
	private String batch;

	@Option(names = "--id", paramLabel = "TEXT", description = "Only those whose ids begin so.")
	private String id;

	@Option(names = "--since", paramLabel = "TIME",
			description = "Only those registered from then on, such as 2026-05-27T00:00:00Z.")
	private String since;

	@Option(names = "--until", paramLabel = "TIME", description = "Only those registered before.")
	private String until;

	@Option(names = "--limit", paramLabel = "COUNT", description = "How many at most.")
	private String limit;

	@Option(names = "--after", paramLabel = "NEXT", description = "The next page, as the page before names it.")
	private String after;

	@Override
	HttpRequest.Builder request(Call to) {
		Map<String, String> filter = new LinkedHashMap<>();
		filter.put("status", this.status);
		filter.put("provider", this.provider);
		filter.put("account", this.account);
		filter.put("reference", this.reference);
		filter.put("target", this.target);
		filter.put("batch", this.batch);
		filter.put("q", this.id);
		filter.put("since", this.since);
		filter.put("until", this.until);
		filter.put("limit", this.limit);
		filter.put("after", this.after);
		return to.path("/jobs" + query(filter)).GET();
	}

	@Override
	void print(JsonNode answer) {
		Table table = new Table("PROVIDER", "ID", "STATUS", "PROGRESS", "POLLS", "REGISTERED", "REASON");
		answer.path("jobs")
			.forEach((job) -> table.add(job.path("provider"), job.path("jobId"), job.path("status"),
					job.path("progress"), job.path("polls"), job.path("registeredAt"), job.at("/reason/message")));
		table.print(out());
		if (answer.hasNonNull("next")) {
			out().println("There are more: --after " + answer.path("next").asText());
		}
	}

}
