package io.vedette;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** A directory that Vedette writes to while a test looks at it. */
public final class LiveDirectory {

	private LiveDirectory() {
	}

	/**
	 * All files below it, none if it is not there. What is renamed meanwhile is passed
	 * over, where {@link Files#walk} breaks off.
	 */
	public static List<Path> files(Path directory) {
		List<Path> files = new ArrayList<>();
		try {
			Files.walkFileTree(directory, new SimpleFileVisitor<>() {

				@Override
				public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
					if (attributes.isRegularFile()) {
						files.add(file);
					}
					return FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult visitFileFailed(Path file, IOException ex) throws IOException {
					if (ex instanceof NoSuchFileException) {
						return FileVisitResult.CONTINUE;
					}
					throw ex;
				}

			});
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return files;
	}

	/** The same without those whose names begin with a dot: they are being written. */
	public static List<Path> finishedFiles(Path directory) {
		return files(directory).stream().filter((file) -> !file.getFileName().toString().startsWith(".")).toList();
	}

	/** Names of all files below it, hidden ones included, sorted. */
	public static List<String> names(Path directory) {
		return files(directory).stream().map((file) -> file.getFileName().toString()).sorted().toList();
	}

}
