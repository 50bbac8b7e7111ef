package io.vedette.bus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import io.vedette.RunningVedette;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;

import static org.assertj.core.api.Assertions.assertThat;

/** Files of job requests while the database is away. */
@Import(DatabaseOutage.class)
@DirtiesContext
class InboxOutageTest extends RunningVedette {

	@Autowired
	private CamelContext camel;

	@Autowired
	private DatabaseOutage database;

	@Test
	void leavesAFileInTheInboxUntilItsJobsAreStored() throws IOException {
		Path inbox = Files.createDirectories(this.data.resolve("inbox"));
		String id = newId("file");
		Path file = inbox.resolve(id + ".json");
		this.database.cut();
		Files.writeString(file, "{\"provider\":\"crun\",\"jobId\":\"" + id + "\"}");
		patiently().until(() -> this.camel.getInflightRepository().size("take-in-inbox") > 0);
		assertThat(file).exists();
		this.database.mend();
		patiently().until(() -> Files.exists(inbox.resolve(".done").resolve(file.getFileName())));
		assertThat(get("/jobs/crun/" + id).statusCode()).isEqualTo(200);
		assertThat(this.data.resolve("rejected")).doesNotExist();
	}

	@Test
	void takesTheLinesThatAreWrittenWhileAFileIsRead() throws IOException {
		Path inbox = Files.createDirectories(this.data.resolve("inbox"));
		String[] ids = { newId("early"), newId("late") };
		Path file = inbox.resolve(ids[0] + ".ndjson");
		this.database.cut();
		Files.writeString(file, "{\"provider\":\"crun\",\"jobId\":\"" + ids[0] + "\"}\n");
		patiently().until(() -> this.camel.getInflightRepository().size("take-in-inbox") > 0);
		Files.writeString(file, "{\"provider\":\"crun\",\"jobId\":\"" + ids[1] + "\"}\n", StandardOpenOption.APPEND);
		this.database.mend();
		patiently().until(() -> Files.exists(inbox.resolve(".done").resolve(file.getFileName())));
		assertThat(get("/jobs/crun/" + ids[0]).statusCode()).isEqualTo(200);
		assertThat(get("/jobs/crun/" + ids[1]).statusCode()).isEqualTo(200);
	}

}
