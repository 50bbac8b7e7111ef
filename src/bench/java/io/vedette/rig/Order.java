package io.vedette.rig;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vedette.packaged.Load;

/**
 * What is handed in: a job, or a media URL that becomes one.
 *
 * @param job of a media URL, all but the end of its id, which the provider makes
 * @param mediaUrl null for a job that was submitted already
 * @param requestId null where the caller has none
 * @param batch null where it names none
 */
record Order(Load.Item job, String mediaUrl, String requestId, String batch) {

	/** Columns of a CSV file, members of JSON. */
	static final List<String> MEMBERS = List.of("provider", "jobId", "mediaUrl", "requestId", "batch");

	private static final ObjectMapper JSON = new ObjectMapper();

	static Order of(Load.Item job, String batch) {
		return new Order(job, null, null, batch);
	}

	/**
	 * To be submitted. The name of the media tells the stand-in what becomes of it.
	 * @param isVideo by the ending of the URL
	 */
	static Order toSubmit(Load.Item job, boolean isVideo, String requestId, String batch) {
		String url = "https://media.example.com/%s.%s".formatted(job.jobId(), isVideo ? "mp4" : "png");
		return new Order(job, url, requestId, batch);
	}

	/** What tells it from all others. */
	String name() {
		return (this.mediaUrl != null) ? this.mediaUrl : name(this.job.provider(), this.job.jobId());
	}

	/** The name of a job that was submitted already. */
	static String name(String provider, String jobId) {
		return provider + " " + jobId;
	}

	/** Whether it may be handed in twice and be one job all the same. */
	boolean isRepeatable() {
		return this.mediaUrl == null || this.requestId != null;
	}

	Order withoutBatch() {
		return new Order(this.job, this.mediaUrl, this.requestId, null);
	}

	/** What must come of it once its provider's id is known. */
	Load.Item as(String jobId) {
		return new Load.Item(this.job.provider(), jobId, this.job.faces(), this.job.fails());
	}

	Map<String, String> members() {
		Map<String, String> members = new LinkedHashMap<>();
		members.put("provider", this.job.provider());
		members.put("jobId", (this.mediaUrl != null) ? null : this.job.jobId());
		members.put("mediaUrl", this.mediaUrl);
		members.put("requestId", this.requestId);
		members.put("batch", this.batch);
		members.values().removeIf((value) -> value == null);
		return members;
	}

	/** As an object of JSON. */
	String json() {
		try {
			return JSON.writeValueAsString(members());
		}
		catch (JsonProcessingException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** As a row of CSV. */
	String row() {
		Map<String, String> members = members();
		return MEMBERS.stream().map((name) -> members.getOrDefault(name, "")).collect(Collectors.joining(","));
	}

	/** Several as an array of JSON. */
	static String json(List<Order> orders) {
		return orders.stream().map(Order::json).collect(Collectors.joining(",", "[", "]"));
	}

}
