package io.vedette.rig;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * What a run of the rig is asked for.
 *
 * @param seed of all that is random; which moments it meets is up to the machine
 * @param kills how many SIGKILLs
 * @param faces how many faces at least, spread over the kills
 * @param nodes how many nodes share the database
 * @param aim which moments the kills are to meet
 */
record RigOptions(long seed, int kills, int faces, Store database, int nodes, Aim aim) {

	private static final String USAGE = """
			-Drig.kills=100        SIGKILLs, 1 to 10000
			-Drig.faces=100000     faces at least, 100 to 10000000; about 9 a job
			-Drig.database=h2      h2 or postgres
			-Drig.nodes=1          nodes, 1 to 3; more than one needs postgres
			-Drig.aim=any          any, or submit: all kills at a POST that submits
			-Drig.seed=...         of all that is random; a new one each time""";

	private static final List<String> NAMES = List.of("kills", "faces", "database", "nodes", "aim", "seed");

	enum Store {

		H2, POSTGRES;

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	enum Aim {

		/** Any moments, of a third of the kills one at which a job is submitted. */
		ANY,
		/** All of them such moments, and most jobs are submitted. */
		SUBMIT;

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * Reads the properties {@code rig.*}.
	 * @throws IllegalArgumentException if one is unknown or makes no sense; says what
	 * there is
	 */
	static RigOptions of(Properties properties) {
		properties.stringPropertyNames()
			.stream()
			.filter((name) -> name.startsWith("rig.") && !NAMES.contains(name.substring(4)))
			.findFirst()
			.ifPresent((name) -> {
				throw bad(name, properties.getProperty(name), "a name from below");
			});
		Store database = word(Store.values(), properties, "rig.database");
		long seed = number(properties, "rig.seed", ThreadLocalRandom.current().nextInt(1_000_000), Long.MIN_VALUE,
				Long.MAX_VALUE);
		return new RigOptions(seed, (int) number(properties, "rig.kills", 100, 1, 10_000),
				(int) number(properties, "rig.faces", 100_000, 100, 10_000_000), database,
				(int) number(properties, "rig.nodes", 1, 1, (database == Store.H2) ? 1 : 3),
				word(Aim.values(), properties, "rig.aim"));
	}

	/** One of these words, or the first. */
	private static <T> T word(T[] words, Properties properties, String name) {
		String word = properties.getProperty(name, words[0].toString());
		return Arrays.stream(words)
			.filter((one) -> one.toString().equals(word))
			.findFirst()
			.orElseThrow(() -> bad(name, word,
					Arrays.stream(words).map(Object::toString).collect(Collectors.joining(" or "))));
	}

	private static long number(Properties properties, String name, long usual, long least, long most) {
		String text = properties.getProperty(name, Long.toString(usual));
		try {
			long number = Long.parseLong(text);
			if (number >= least && number <= most) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// Said below, as for a number out of range.
		}
		throw bad(name, text, "a whole number from %d to %d".formatted(least, most));
	}

	private static IllegalArgumentException bad(String name, String value, String expected) {
		return new IllegalArgumentException("%s \"%s\": expected %s.\n%s".formatted(name, value, expected, USAGE));
	}

	/** A command that does the same again. */
	String command() {
		return "./mvnw -Prig verify -Drig.seed=%d -Drig.kills=%d -Drig.faces=%d -Drig.database=%s -Drig.nodes=%d -Drig.aim=%s"
			.formatted(this.seed, this.kills, this.faces, this.database, this.nodes, this.aim);
	}

}
