package io.vedette.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;

import io.vedette.packaged.Load;

/** Writes each event under a temporary name and renames it, as the files target does. */
final class FilesClient implements BareClient {

	private final Path directory;

	private final Deque<Path> missing = new ArrayDeque<>();

	/**
	 * @param directory of the files target
	 */
	FilesClient(Path directory) {
		this.directory = directory;
	}

	@Override
	public String target() {
		return "files";
	}

	@Override
	public void send(String id, String file, String body) throws IOException {
		Path path = this.directory.resolve(file);
		Path temporary = path.resolveSibling("." + path.getFileName());
		Files.createDirectories(path.getParent());
		Files.writeString(temporary, body);
		Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
	}

	@Override
	public void expect(Load load) {
		this.missing.clear();
		load.jobs().forEach((job) -> job.events().values().forEach((file) -> this.missing.add(path(file))));
	}

	private Path path(String file) {
		return this.directory.resolve(file);
	}

	@Override
	public boolean haveAllArrived() {
		while (!this.missing.isEmpty() && Files.exists(this.missing.peek())) {
			this.missing.remove();
		}
		return this.missing.isEmpty();
	}

}
