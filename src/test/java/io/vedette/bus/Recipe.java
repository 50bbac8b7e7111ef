package io.vedette.bus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.vedette.MarkdownFile;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.test.context.DynamicPropertyRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a page of {@code docs/} says to set.
 *
 * @param settings the keys and values of its one YAML block
 */
record Recipe(Map<String, String> settings) {

	static Recipe of(String page) {
		String yaml = MarkdownFile.read(Path.of("docs", page))
			.blocks()
			.stream()
			.filter((block) -> block.language().equals("yaml"))
			.map((block) -> String.join("\n", block.lines()))
			.collect(Collectors.collectingAndThen(Collectors.toList(), (blocks) -> {
				assertThat(blocks).as(page).hasSize(1);
				return blocks.get(0);
			}));
		return new Recipe(parse(yaml));
	}

	private static Map<String, String> parse(String yaml) {
		try {
			Map<String, String> settings = new TreeMap<>();
			for (var source : new YamlPropertySourceLoader().load("recipe",
					new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))) {
				Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames())
					.forEach((name) -> settings.put(name, String.valueOf(source.getProperty(name))));
			}
			return settings;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The same with another port or name, which must be in it. */
	Recipe with(String text, String replacement) {
		assertThat(this.settings.values()).anyMatch((value) -> value.contains(text));
		Map<String, String> replaced = new TreeMap<>(this.settings);
		replaced.replaceAll((key, value) -> value.replace(text, replacement));
		return new Recipe(replaced);
	}

	/**
	 * Sets what it says, has every target tried again each second, and switches the files
	 * off.
	 */
	void apply(DynamicPropertyRegistry registry) {
		this.settings.forEach((key, value) -> {
			registry.add(key, () -> value);
			if (key.matches("vedette\\.targets\\..*\\.uri")) {
				registry.add(key.replace(".uri", ".retry"), () -> String.join(",", Collections.nCopies(100, "1s")));
			}
		});
		registry.add("vedette.targets.files.uri", () -> "");
	}

}
