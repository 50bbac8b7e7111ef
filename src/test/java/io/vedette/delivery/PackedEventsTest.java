package io.vedette.delivery;

import java.util.List;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PackedEventsTest {

	@Test
	void givesBackWhatItWasGiven() {
		List<Event> events = List.of(face(0, "{\"a\":\"\u4efb\u52a1 \uD83D\uDE00 \uFFFD \\u0000\"}"),
				new Event("crun:1:job", "vedette.job.succeeded", "job", null, "{}"));
		JsonMapper json = new JsonMapper();
		assertThat(PackedEvents.unpack(PackedEvents.pack(events, json), json)).isEqualTo(events);
	}

	@Test
	void packsSoMuchTogetherAsOneValueHolds() {
		List<Event> small = IntStream.range(0, 1100).mapToObj((number) -> face(number, "{}")).toList();
		assertThat(PackedEvents.end(small, 0)).isEqualTo(500);
		assertThat(PackedEvents.end(small, 1000)).isEqualTo(1100);
		List<Event> large = IntStream.range(0, 3).mapToObj((number) -> face(number, "x".repeat(200_000))).toList();
		assertThat(PackedEvents.end(large, 0)).isEqualTo(1);
		assertThat(PackedEvents.end(large, 2)).isEqualTo(3);
	}

	private static Event face(int number, String body) {
		return new Event("crun:1:face:" + number, Event.FACE, "face-" + number, "https://example.com/" + number, body);
	}

}
