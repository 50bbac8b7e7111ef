package io.vedette;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a page of documentation says.
 *
 * @param prose lines outside code blocks
 * @param blocks the code blocks
 */
public record MarkdownFile(Path path, List<String> prose, List<Block> blocks) {

	private static final Pattern FENCE = Pattern.compile("\\s*```\\s*(\\S*).*");

	private static final Pattern CODE = Pattern.compile("`([^`]+)`");

	private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)[^)]*\\)");

	private static final Pattern HEADING = Pattern.compile("#+ +(.*)");

	public static MarkdownFile read(Path path) {
		try {
			return of(path, Files.readString(path));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static MarkdownFile of(Path path, String text) {
		List<String> prose = new ArrayList<>();
		List<Block> blocks = new ArrayList<>();
		boolean inBlock = false;
		for (String line : text.lines().toList()) {
			var fence = FENCE.matcher(line);
			if (fence.matches()) {
				inBlock = !inBlock;
				if (inBlock) {
					blocks.add(new Block(fence.group(1), new ArrayList<>()));
				}
			}
			else if (inBlock) {
				blocks.get(blocks.size() - 1).lines().add(line);
			}
			else {
				prose.add(line);
			}
		}
		return new MarkdownFile(path, prose, blocks);
	}

	/** Texts in backticks. */
	List<String> code() {
		return inProse(CODE).toList();
	}

	/** Targets of the links. */
	List<String> links() {
		return inProse(LINK).toList();
	}

	/** What links to its headings have behind the {@code #}. */
	List<String> anchors() {
		return inProse(HEADING).map((heading) -> heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", ""))
			.map((heading) -> heading.replace(' ', '-'))
			.toList();
	}

	private Stream<String> inProse(Pattern pattern) {
		return this.prose.stream().flatMap((line) -> pattern.matcher(line).results()).map(MarkdownFile::firstGroup);
	}

	private static String firstGroup(MatchResult match) {
		return match.group(1);
	}

	/**
	 * A code block.
	 *
	 * @param language the word behind the opening fence, empty if there is none
	 */
	public record Block(String language, List<String> lines) {

	}

}
