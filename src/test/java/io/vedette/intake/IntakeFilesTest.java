package io.vedette.intake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class IntakeFilesTest {

	@TempDir
	private Path directory;

	private Path done;

	private Path reject;

	private Path stranger;

	@BeforeEach
	void write() throws IOException {
		Path sub = Files.createDirectories(this.directory.resolve("sub"));
		this.done = Files.writeString(sub.resolve("two\nlines.json"), "x");
		this.reject = Files.writeString(this.directory.resolve("4C5F8B3C1D2E3F4-0000000000000001-a.json"), "x");
		this.stranger = Files.writeString(this.directory.resolve("notes.txt"), "x");
	}

	@Test
	void deletesWhatWasMovedThereBeforeTheMoment() {
		IntakeFiles.delete(this.directory, ".*", Instant.now().plusSeconds(5));
		assertThat(this.done).doesNotExist();
		assertThat(this.reject).doesNotExist();
	}

	@Test
	void keepsWhatWasMovedThereLater() throws IOException {
		Files.setLastModifiedTime(this.done, FileTime.from(Instant.EPOCH));
		IntakeFiles.delete(this.directory, ".*", Instant.now().minusSeconds(5));
		assertThat(this.done).exists();
		assertThat(this.reject).exists();
	}

	@Test
	void keepsWhatSomebodyElseHasPutBesideTheRejects() {
		IntakeFiles.delete(this.directory, Rejects.NAMES, Instant.now().plusSeconds(5));
		assertThat(this.reject).doesNotExist();
		assertThat(this.stranger).exists();
		assertThat(this.done).exists();
	}

	@Test
	void isContentWithADirectoryThatIsNotThere() {
		IntakeFiles.delete(this.directory.resolve("none"), ".*", Instant.now());
		assertThat(this.directory).isDirectory();
	}

}
