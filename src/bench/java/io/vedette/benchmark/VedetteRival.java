package io.vedette.benchmark;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vedette.packaged.PackagedJar;

/** The packaged jar, whose events go to the webhook. */
record VedetteRival(String name, PackagedJar jar, DatabaseServer server) implements Rival {

	private static final ObjectMapper JSON = new ObjectMapper();

	@Override
	public void watch(List<String> jobIds) throws Exception {
		HttpResponse<String> response = this.jar.post("/jobs",
				JSON.writeValueAsString(jobIds.stream()
					.map((id) -> Map.of("provider", "crun", "jobId", id, "targets", List.of("crm")))
					.toList()));
		if (response.statusCode() != 202) {
			throw new IOException("POST /jobs: %d %s".formatted(response.statusCode(), response.body()));
		}
	}

	@Override
	public Duration cpuTime() throws IOException {
		Duration own = process().info().totalCpuDuration().orElseThrow();
		return (this.server != null) ? own.plus(this.server.cpuTime()) : own;
	}

	@Override
	public ProcessHandle process() {
		return this.jar.process();
	}

	@Override
	public void close() {
		this.jar.close();
	}

	@Override
	public String toString() {
		return this.name;
	}

}
