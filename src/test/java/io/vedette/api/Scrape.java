package io.vedette.api;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What {@code /actuator/prometheus} shows, a sample a line. */
record Scrape(List<Sample> samples) {

	private static final Pattern LINE = Pattern.compile("([a-z_0-9]+)(?:\\{(.*)})? (\\S+)");

	private static final Pattern TAG = Pattern.compile("(\\w+)=\"([^\"]*)\"");

	static Scrape of(String text) {
		return new Scrape(text.lines()
			.filter((line) -> !line.startsWith("#"))
			.map(LINE::matcher)
			.filter(Matcher::matches)
			.map((line) -> new Sample(line.group(1), tags(line.group(2)), Double.parseDouble(line.group(3))))
			.toList());
	}

	private static Map<String, String> tags(String text) {
		return (text == null) ? Map.of()
				: TAG.matcher(text).results().collect(Collectors.toMap((tag) -> tag.group(1), (tag) -> tag.group(2)));
	}

	/** The value of the one sample with these tags, as pairs; 0 where there is none. */
	double value(String name, String... tags) {
		return this.samples.stream()
			.filter((sample) -> sample.name().equals(name))
			.filter((sample) -> sample.has(tags))
			.mapToDouble(Sample::value)
			.sum();
	}

	Set<String> names() {
		return this.samples.stream().map(Sample::name).collect(Collectors.toSet());
	}

	List<Sample> of(Set<String> names) {
		return this.samples.stream().filter((sample) -> names.contains(sample.name())).toList();
	}

	record Sample(String name, Map<String, String> tags, double value) {

		boolean has(String... pairs) {
			for (int i = 0; i < pairs.length; i += 2) {
				if (!pairs[i + 1].equals(this.tags.get(pairs[i]))) {
					return false;
				}
			}
			return true;
		}

	}

}
