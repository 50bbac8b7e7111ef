package io.vedette.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import io.vedette.page.LoadedRoutes.Next;
import io.vedette.page.LoadedRoutes.ShownRoute;

/**
 * The routes as a picture that also a telephone can show: one below the other, in the
 * order of the way, with an arc from each to those that it sends to. Lengths are those of
 * an SVG of this width and height.
 *
 * @param stops the routes
 */
public record RoutesPicture(int width, int height, List<Stop> stops) {

	/** Where names begin, and the arcs end. */
	static final int LEFT = 130;

	private static final int ROW = 26;

	/** The shortest arc, and how far the longest goes to the left. */
	private static final double NEAR = 14;

	private static final double FAR = 1.3 * LEFT;

	private static final int LETTER = 8;

	private static final int LEAST_WIDTH = 400;

	private static final int LONGEST_NAME = 44;

	/** Draws them. */
	static RoutesPicture of(List<ShownRoute> routes) {
		List<ShownRoute> way = inOrder(routes);
		Map<String, Integer> rows = new LinkedHashMap<>();
		way.forEach((route) -> rows.put(route.id(), rows.size()));
		List<Stop> stops = way.stream().map((route) -> stop(route, rows)).toList();
		int longest = stops.stream().mapToInt((stop) -> stop.name().length() + stop.note().length()).max().orElse(0);
		return new RoutesPicture(Math.max(LEAST_WIDTH, LEFT + LETTER * (longest + 3)), ROW * way.size(), stops);
	}

	/** Each before those that it sends to, timers after what comes from outside. */
	private static List<ShownRoute> inOrder(List<ShownRoute> routes) {
		Map<String, ShownRoute> byId = new LinkedHashMap<>();
		routes.forEach((route) -> byId.put(route.id(), route));
		Map<String, ShownRoute> way = new LinkedHashMap<>();
		Comparator<ShownRoute> outermost = Comparator
			.comparing((route) -> !route.isFirst() ? 2 : route.from().startsWith("quartz:") ? 1 : 0);
		routes.stream().sorted(outermost.thenComparing(ShownRoute::id)).forEach((route) -> follow(route, byId, way));
		return List.copyOf(way.values());
	}

	private static void follow(ShownRoute route, Map<String, ShownRoute> byId, Map<String, ShownRoute> way) {
		if (way.putIfAbsent(route.id(), route) == null) {
			route.next().forEach((next) -> follow(byId.get(next.route()), byId, way));
		}
	}

	private static Stop stop(ShownRoute route, Map<String, Integer> rows) {
		int row = rows.get(route.id());
		List<Arc> arcs = new ArrayList<>();
		for (Next next : route.next()) {
			if (!next.route().equals(route.id())) {
				arcs.add(arc(row, rows.get(next.route()), rows.size(), next.later()));
			}
		}
		String id = route.id();
		String name = (id.length() > LONGEST_NAME) ? id.substring(0, LONGEST_NAME) + "..." : id;
		return new Stop(route.id(), name, note(route), y(row), arcs);
	}

	/** What lies outside. */
	private static String note(ShownRoute route) {
		String from = !route.isFirst() ? null
				: route.from().startsWith("quartz:") ? "by a timer" : "from " + route.from();
		String to = route.outside().isEmpty() ? null : "to " + String.join(", ", route.outside());
		return Stream.of(from, to).filter((part) -> part != null).reduce((one, other) -> one + ", " + other).orElse("");
	}

	private static int y(int row) {
		return ROW * row + ROW / 2;
	}

	/** It leaves below the middle of a row, and comes in above. */
	private static Arc arc(int from, int to, int rows, boolean later) {
		double reach = NEAR + (FAR - NEAR) * Math.sqrt(Math.abs(to - from) / (double) rows);
		int start = y(from) + 3;
		int end = y(to) - 3;
		String path = String.format(Locale.ROOT, "M%d %dC%.0f %d %.0f %d %d %d", LEFT - 10, start, LEFT - 10 - reach,
				start, LEFT - 10 - reach, end, LEFT - 10, end);
		String head = String.format(Locale.ROOT, "%d,%d %d,%d %d,%d", LEFT - 4, end, LEFT - 11, end - 4, LEFT - 11,
				end + 4);
		return new Arc(path, head, later);
	}

	/**
	 * A route.
	 *
	 * @param name its id, shortened where it is long
	 * @param note what it consumes from outside and sends there, or nothing
	 * @param y its middle
	 * @param arcs to those that it sends to
	 */
	public record Stop(String id, String name, String note, int y, List<Arc> arcs) {
	}

	/**
	 * From a route to another.
	 *
	 * @param path its line
	 * @param head the corners of its tip
	 * @param later whether it is a hand-over to other threads
	 */
	public record Arc(String path, String head, boolean later) {
	}

}
