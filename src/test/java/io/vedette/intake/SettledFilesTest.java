package io.vedette.intake;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.FileConsumer;
import org.apache.camel.component.file.FileEndpoint;
import org.apache.camel.component.file.FileOperations;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.strategy.GenericFileExpressionRenamer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class SettledFilesTest {

	private final CamelContext camel = new DefaultCamelContext();

	@TempDir
	private Path inbox;

	private Instant now = Instant.parse("2026-05-27T12:00:00Z");

	private SettledFiles files;

	private Path jobs;

	@BeforeEach
	void write() throws IOException {
		Settling settling = new Settling("inbox", Duration.ofSeconds(10), () -> this.now);
		this.files = new SettledFiles(settling, new GenericFileExpressionRenamer<>(
				this.camel.resolveLanguage("simple").createExpression(".done/${file:name}")));
		this.jobs = Files.writeString(this.inbox.resolve("jobs.ndjson"), "one\n");
	}

	@Test
	void movesAFileThatIsStillWhatWasRead() throws Exception {
		assertThat(isTaken()).isFalse();
		this.now = this.now.plusSeconds(10);
		assertThat(isTaken()).isTrue();
		commit();
		assertThat(this.jobs).doesNotExist();
		assertThat(this.inbox.resolve(".done/jobs.ndjson")).hasContent("one\n");
	}

	@Test
	void takesAFileAgainThatWasWrittenToMeanwhile() throws Exception {
		isTaken();
		this.now = this.now.plusSeconds(10);
		assertThat(isTaken()).isTrue();
		Files.writeString(this.jobs, "two\n", StandardOpenOption.APPEND);
		commit();
		assertThat(this.jobs).hasContent("one\ntwo\n");
		assertThat(isTaken()).isFalse();
		this.now = this.now.plusSeconds(10);
		assertThat(isTaken()).isTrue();
		commit();
		assertThat(this.inbox.resolve(".done/jobs.ndjson")).hasContent("one\ntwo\n");
	}

	@Test
	void takesAFileOnceThatCannotBeMoved() throws Exception {
		isTaken();
		this.now = this.now.plusSeconds(10);
		assertThat(isTaken()).isTrue();
		Files.writeString(this.inbox.resolve(".done"), "in the way");
		commit();
		assertThat(this.jobs).hasContent("one\n");
		this.now = this.now.plusSeconds(100);
		assertThat(isTaken()).isFalse();
	}

	private boolean isTaken() {
		return this.files.accept(file());
	}

	private void commit() throws Exception {
		FileEndpoint endpoint = this.camel.getEndpoint("file:" + this.inbox, FileEndpoint.class);
		FileOperations operations = new FileOperations(endpoint);
		Exchange exchange = new DefaultExchange(this.camel);
		this.files.commit(operations, endpoint, exchange, file());
	}

	private GenericFile<File> file() {
		return FileConsumer.asGenericFile(this.inbox.toString(), this.jobs.toFile(), null, false);
	}

}
