package io.vedette;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AkoolTest extends RunningVedette {

	@Test
	void deliversEveryFaceAndTheJob() {
		String id = newId("faces");
		standIn.akool(id).withFaces(3);
		assertThat(watch("akool", id).path("status").asText()).isEqualTo("SUCCEEDED");
		List<JsonNode> events = events("akool", id);
		assertThat(events).extracting((event) -> event.path("type").asText())
			.containsExactly("vedette.face.detected", "vedette.face.detected", "vedette.face.detected",
					"vedette.job.succeeded");
	}

}
