package io.vedette.node;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DivisionTest {

	@Test
	void givesAllToTheOneThatHasTheJobs() {
		assertThat(divide(20, 400, 0, 0)).containsExactly(20, 0, 0);
	}

	@Test
	void goesByWhatNodesWantWhereThereIsNotEnough() {
		assertThat(divide(20, 300, 100)).containsExactly(15, 5);
		assertThat(divide(20, 400, 1, 0)).as("one for each that wants any").containsExactly(19, 1, 0);
		assertThat(divide(20, 30, 30, 30)).containsExactly(7, 7, 6);
	}

	@Test
	void givesWhatIsWantedWhereThereIsEnoughAndTheRestToAll() {
		assertThat(divide(20, 5, 3, 0)).containsExactly(9, 7, 4);
		assertThat(divide(20, 0, 0, 0)).containsExactly(7, 7, 6);
	}

	@Test
	void letsNodesTakeTurnsWhereThereIsNotOneForEach() {
		assertThat(Division.of(2, wants(9, 9, 0, 9), 0).values()).containsExactly(1, 1, 0, 0);
		assertThat(Division.of(2, wants(9, 9, 0, 9), 1).values()).containsExactly(1, 0, 0, 1);
		assertThat(Division.of(2, wants(9, 9, 0, 9), 2).values()).containsExactly(0, 1, 0, 1);
	}

	@Test
	void neverGivesMoreThanThereIsNorMoreThanIsWantedWhileOthersLack() {
		Random random = new Random(1);
		for (int i = 0; i < 10_000; i++) {
			int requests = random.nextInt(30);
			long[] wanted = random.longs(1 + random.nextInt(6), 0, 40).toArray();
			TreeMap<String, Long> wants = wants(wanted);
			Map<String, Integer> parts = Division.of(requests, wants, random.nextInt(100));
			assertThat(parts.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(requests);
			if (wants.values().stream().mapToLong(Long::longValue).sum() > requests) {
				assertThat(parts)
					.allSatisfy((node, part) -> assertThat((long) part).isLessThanOrEqualTo(wants.get(node)));
			}
		}
	}

	private static Iterable<Integer> divide(int requests, long... wanted) {
		return Division.of(requests, wants(wanted), 0).values();
	}

	/** By nodes called a, b, c and so on. */
	private static TreeMap<String, Long> wants(long... wanted) {
		TreeMap<String, Long> wants = new TreeMap<>();
		for (int i = 0; i < wanted.length; i++) {
			wants.put(String.valueOf((char) ('a' + i)), wanted[i]);
		}
		return wants;
	}

}
