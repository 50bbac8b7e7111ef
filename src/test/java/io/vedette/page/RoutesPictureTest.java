package io.vedette.page;

import java.util.List;
import java.util.stream.Stream;

import io.vedette.page.LoadedRoutes.Next;
import io.vedette.page.LoadedRoutes.ShownRoute;
import io.vedette.page.RoutesPicture.Arc;
import io.vedette.page.RoutesPicture.Stop;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RoutesPictureTest {

	@Test
	void putsEachRouteAboveThoseThatItSendsTo() {
		RoutesPicture picture = RoutesPicture
			.of(List.of(route("ask", "direct:ask"), route("end", "direct:end", "settle"),
					route("settle", "direct:settle", "end"), route("tick", "quartz:tick", "watch"),
					route("watch", "seda:watch", "ask", "settle"), route("take-in", "file", "watch")));
		assertThat(picture.stops()).extracting(Stop::id)
			.containsExactly("take-in", "watch", "ask", "settle", "end", "tick");
		assertThat(picture.stops()).extracting(Stop::note).containsExactly("from file", "", "", "", "", "by a timer");
		assertThat(picture.stops().get(1).arcs()).hasSize(2);
		assertThat(picture.height()).isEqualTo(6 * 26);
	}

	@Test
	void tellsAHandOverFromACallAndDrawsNoArcToItself() {
		ShownRoute loop = new ShownRoute("a-loop", "", "direct:a-loop",
				List.of(new Next("a-loop", false), new Next("later", true)), List.of("http"), "Started");
		RoutesPicture picture = RoutesPicture.of(List.of(loop, route("later", "seda:later")));
		assertThat(picture.stops().get(0).note()).isEqualTo("to http");
		assertThat(picture.stops().get(0).arcs()).extracting(Arc::later).containsExactly(true);
	}

	@Test
	void shortensLongNamesInThePictureAlone() {
		RoutesPicture picture = RoutesPicture.of(List.of(route("a".repeat(100), "file")));
		assertThat(picture.stops().get(0).name()).hasSizeLessThan(50).endsWith("...");
		assertThat(picture.stops().get(0).id()).hasSize(100);
	}

	private static ShownRoute route(String id, String from, String... next) {
		return new ShownRoute(id, "", from, Stream.of(next).map((one) -> new Next(one, false)).toList(), List.of(),
				"Started");
	}

}
