package io.vedette;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.FileSystemResource;

/**
 * The configuration keys there are.
 *
 * @param defined keys with a value
 * @param documented these, keys that are commented out, and keys that only the code knows
 */
record ConfigKeys(Set<String> defined, Set<String> documented) {

	private static final Path METADATA = Path.of("target/classes/META-INF/spring-configuration-metadata.json");

	/**
	 * {@code key: value}, also behind {@code # }; prose has no word before its first
	 * colon.
	 */
	private static final Pattern ENTRY = Pattern.compile("( *)(?:# )?( *)([a-z][a-z0-9.-]*):(?: .*)?");

	/** Entries of the maps have names of the operator's choice. */
	private static final Pattern NAMED = Pattern.compile("vedette\\.(providers|targets|intakes|intake-tokens)\\.[^.]+");

	/** {@code <name>} or {@code *}. */
	private static final Pattern WILDCARD = Pattern.compile("<[^>]*>|\\*");

	static ConfigKeys read(Path yaml) {
		try {
			Set<String> defined = new TreeSet<>();
			for (var source : new YamlPropertySourceLoader().load("config", new FileSystemResource(yaml))) {
				Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames())
					.map((name) -> name.replaceAll("\\[\\d+]", ""))
					.forEach(defined::add);
			}
			Set<String> documented = new TreeSet<>(defined);
			documented.addAll(written(Files.readAllLines(yaml)));
			documented.addAll(compiled());
			return new ConfigKeys(defined, documented);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Dotted names of all keys in YAML lines, whether or not they are commented out. */
	static Set<String> written(List<String> lines) {
		Set<String> keys = new TreeSet<>();
		Deque<Level> levels = new ArrayDeque<>();
		for (String line : lines) {
			Matcher entry = ENTRY.matcher(line);
			if (entry.matches()) {
				int indent = entry.group(1).length() + entry.group(2).length();
				levels.removeIf((level) -> level.indent() >= indent);
				String prefix = levels.isEmpty() ? "" : levels.getLast().key() + ".";
				levels.addLast(new Level(indent, prefix + entry.group(3)));
				keys.add(levels.getLast().key());
			}
		}
		return keys;
	}

	boolean defines(String key) {
		return this.defined.contains(key);
	}

	/**
	 * Whether this is a key, or the beginning of one. Names of providers, targets and
	 * intakes are free, and {@code <name>} or {@code *} is any one word.
	 */
	boolean documents(String key) {
		String regex = Stream.of(WILDCARD.split(anyName(key), -1))
			.map(Pattern::quote)
			.collect(Collectors.joining("[^.]+", "", "(\\..*)?"));
		return this.documented.stream().map(ConfigKeys::anyName).anyMatch((each) -> each.matches(regex));
	}

	private static String anyName(String key) {
		return NAMED.matcher(key).replaceFirst("vedette.$1.*");
	}

	/** What the configuration processor wrote down. */
	private static Set<String> compiled() throws IOException {
		Set<String> keys = new TreeSet<>();
		if (Files.exists(METADATA)) {
			for (JsonNode property : new ObjectMapper().readTree(METADATA.toFile()).path("properties")) {
				keys.add(property.path("name").asText());
			}
		}
		return keys;
	}

	private record Level(int indent, String key) {

	}

}
