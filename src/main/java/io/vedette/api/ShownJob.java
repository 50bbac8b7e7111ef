package io.vedette.api;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/** A job as REST shows it, for who has no server to ask. */
@Component
public class ShownJob {

	private final JobsApi api;

	private final JsonMapper json;

	ShownJob(JobsApi api, JsonMapper json) {
		this.api = api;
		this.json = json;
	}

	/** Its JSON, on several lines. */
	public String json(String provider, String jobId) {
		return this.json.writerWithDefaultPrettyPrinter().writeValueAsString(this.api.show(provider, jobId, null));
	}

}
