package io.vedette.node;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Divides a rate limit among nodes by what they want, in whole requests: a part of one
 * can't be kept in every window, because nodes do not know when others send.
 */
final class Division {

	private Division() {
	}

	/**
	 * The parts of the nodes. Where there is enough, each gets what it wants, and all the
	 * same of the rest. Else each that wants something gets one, and the rest goes by
	 * what they want (largest remainder: Hamilton 1792), as if all jobs waited in one
	 * line. Where there is not even one for each, they take turns.
	 * @param requests to divide
	 * @param wants requests a period that a node could use, by name
	 * @param turn whose turn it is: one more after a while
	 */
	static Map<String, Integer> of(int requests, SortedMap<String, Long> wants, long turn) {
		List<String> wanting = wants.keySet().stream().filter((node) -> wants.get(node) > 0).toList();
		Map<String, Integer> parts = new LinkedHashMap<>();
		wants.keySet().forEach((node) -> parts.put(node, 0));
		long all = wants.values().stream().mapToLong(Long::longValue).sum();
		if (all <= requests) {
			wants.forEach((node, wanted) -> parts.put(node, wanted.intValue()));
			inTurn(parts, List.copyOf(wants.keySet()), requests - (int) all, 0);
		}
		else if (wanting.size() > requests) {
			inTurn(parts, wanting, requests, turn * requests);
		}
		else {
			byWants(parts, wanting, wants, requests - wanting.size(), all - wanting.size());
		}
		return parts;
	}

	/** Hands out so many, the same to each as far as it goes. */
	private static void inTurn(Map<String, Integer> parts, List<String> nodes, int requests, long first) {
		for (int i = 0; i < nodes.size(); i++) {
			int more = requests / nodes.size() + ((i < requests % nodes.size()) ? 1 : 0);
			parts.merge(nodes.get((int) Math.floorMod(first + i, (long) nodes.size())), more, Integer::sum);
		}
	}

	private static void byWants(Map<String, Integer> parts, List<String> nodes, Map<String, Long> wants, int requests,
			long all) {
		List<String> byRemainder = new ArrayList<>(nodes);
		byRemainder.sort(Comparator.comparingLong((node) -> -(requests * (wants.get(node) - 1) % all)));
		int left = requests;
		for (String node : nodes) {
			int more = (int) (requests * (wants.get(node) - 1) / all);
			parts.put(node, 1 + more);
			left -= more;
		}
		byRemainder.subList(0, left).forEach((node) -> parts.merge(node, 1, Integer::sum));
	}

}
