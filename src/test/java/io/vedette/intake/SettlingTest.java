package io.vedette.intake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SettlingTest {

	private static final Duration SETTLE_TIME = Duration.ofSeconds(10);

	@TempDir
	private Path inbox;

	private Instant now = Instant.parse("2026-05-27T12:00:00Z");

	private Settling settling;

	private Path file;

	@BeforeEach
	void open() {
		this.settling = new Settling("inbox", SETTLE_TIME, () -> this.now);
		this.file = this.inbox.resolve("jobs.ndjson");
	}

	@Test
	void waitsForAWriterThatPauses() throws IOException {
		for (int line = 0; line < 4; line++) {
			write("line " + line);
			assertThat(this.settling.isSettled(this.file)).isFalse();
			pass(SETTLE_TIME.minusMillis(1));
			assertThat(this.settling.isSettled(this.file)).isFalse();
		}
		pass(Duration.ofMillis(1));
		assertThat(this.settling.isSettled(this.file)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT10M", "P3650D", "-P3650D" })
	void doesNotCompareTheTimeOfAFileWithItsOwn(String offset) throws IOException {
		write("whole");
		Files.setLastModifiedTime(this.file, FileTime.from(Instant.now().plus(Duration.parse(offset))));
		assertThat(this.settling.isSettled(this.file)).isFalse();
		pass(Settling.PUT_IN_PLACE);
		assertThat(this.settling.isSettled(this.file)).isTrue();
	}

	@Test
	void waitsShorterForAFileThatWasRenamedIntoItsPlace() throws IOException {
		Path upload = this.inbox.resolve("jobs.part");
		Files.writeString(upload, "whole");
		Files.setLastModifiedTime(upload, FileTime.from(Instant.now().minusSeconds(5)));
		Files.move(upload, this.file);
		this.settling.isSettled(this.file);
		pass(Settling.PUT_IN_PLACE);
		assertThat(this.settling.isSettled(this.file)).isTrue();
		write("and yet more");
		this.settling.isSettled(this.file);
		pass(Settling.PUT_IN_PLACE);
		assertThat(this.settling.isSettled(this.file)).isFalse();
	}

	@Test
	void leavesAnEmptyFileAMinute() throws IOException {
		Files.createFile(this.file);
		this.settling.isSettled(this.file);
		pass(Duration.ofSeconds(59));
		assertThat(this.settling.isSettled(this.file)).isFalse();
		pass(Duration.ofSeconds(1));
		assertThat(this.settling.isSettled(this.file)).isTrue();
		write("its content");
		assertThat(this.settling.isSettled(this.file)).isFalse();
	}

	@Test
	void seesAnotherFileOfTheSameNameLengthAndTime() throws IOException {
		write("one");
		FileTime time = Files.getLastModifiedTime(this.file);
		assertThat(this.settling.isSettled(this.file)).isFalse();
		assertThat(this.settling.hasChanged(this.file)).isFalse();
		Path other = Files.writeString(this.inbox.resolve("other"), "two\n");
		Files.setLastModifiedTime(other, time);
		Files.move(other, this.file, StandardCopyOption.REPLACE_EXISTING);
		assertThat(this.settling.hasChanged(this.file)).isTrue();
	}

	@Test
	void passesOverWhatIsNoRegularFile() throws IOException {
		Path outside = Files.writeString(this.inbox.resolve("outside"), "secret");
		Files.createSymbolicLink(this.file, outside);
		Path fifo = this.inbox.resolve("fifo.json");
		assertThat(fifo).satisfies((path) -> new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).exists();
		Path directory = Files.createDirectory(this.inbox.resolve("sub.json"));
		Path gone = this.inbox.resolve("gone.json");
		for (int look = 0; look < 2; look++) {
			assertThat(this.settling.isSettled(this.file)).isFalse();
			assertThat(this.settling.isSettled(fifo)).isFalse();
			assertThat(this.settling.isSettled(directory)).isFalse();
			assertThat(this.settling.isSettled(gone)).isFalse();
			pass(Duration.ofHours(1));
		}
	}

	@Test
	void passesOverAFileUntilItChanges() throws IOException {
		write("taken");
		this.settling.isSettled(this.file);
		pass(SETTLE_TIME);
		this.settling.leaveAlone(this.file, "can't be moved");
		assertThat(this.settling.isSettled(this.file)).isFalse();
		write("more");
		this.settling.isSettled(this.file);
		pass(SETTLE_TIME);
		assertThat(this.settling.isSettled(this.file)).isTrue();
	}

	@Test
	void startsAnewWithAFileOfANameThatWasThereBefore() throws IOException {
		write("first");
		this.settling.isSettled(this.file);
		pass(Duration.ofMinutes(2));
		Files.delete(this.file);
		this.settling.sweep();
		assertThat(this.settling.hasChanged(this.file)).isFalse();
		write("first");
		assertThat(this.settling.isSettled(this.file)).isFalse();
	}

	private void write(String line) throws IOException {
		Files.writeString(this.file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
	}

	private void pass(Duration time) {
		this.now = this.now.plus(time);
	}

}
