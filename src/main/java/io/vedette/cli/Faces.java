package io.vedette.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Where the faces of one job go. */
final class Faces {

	/** Null for one that is named after the job. */
	private final Path wanted;

	private Faces(Path wanted) {
		this.wanted = wanted;
	}

	/**
	 * Makes sure, before anybody waits, that there is a place for faces.
	 * @param wanted the directory, or null for one that is named after the job
	 */
	static Faces into(Path wanted) {
		Path existing = ((wanted != null) ? wanted : Path.of("")).toAbsolutePath().normalize();
		while (!Files.exists(existing)) {
			existing = existing.getParent();
		}
		if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
			throw new CommandProblem(VedetteCommand.USAGE,
					"\"%s\": no directory that can be written to. Name another one with --out.".formatted(existing));
		}
		return new Faces(wanted);
	}

	/**
	 * Takes what the files target has written; files of the same name are replaced.
	 * @return where the faces are now
	 */
	Path take(Path data) throws IOException {
		Path provider = list(data.resolve(OneTarget.DIRECTORY)).get(0);
		Path source = list(provider).get(0);
		Path directory = (this.wanted != null) ? this.wanted : Path.of(".").resolve(source.getFileName());
		Files.createDirectories(directory);
		for (Path file : list(source)) {
			Files.move(file, directory.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
		}
		return directory;
	}

	private static List<Path> list(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.toList();
		}
	}

}
