package io.vedette.intake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("store")
class InboxTest extends RunningVedette {

	private Path inbox;

	@BeforeEach
	void openInbox() throws IOException {
		this.inbox = Files.createDirectories(this.data.resolve("inbox"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "%s", "[%s]", "%s\n%s\n", "%s%s", "\n [ %s , %s ] \n" })
	void takesTheJobsOfAJsonFile(String frame) {
		String[] ids = { newId("json"), newId("json") };
		String file = drop(newId("jobs") + ".json",
				frame.formatted(Arrays.stream(ids).map(InboxTest::jobRequest).toArray()));
		awaitTaken(file);
		assertThat(job("crun", ids[0]).path("status").asText()).isEqualTo("WATCHING");
		assertThat(isKnown(ids[1])).isEqualTo(frame.lastIndexOf("%s") != frame.indexOf("%s"));
		assertThat(rejected(file)).isEmpty();
	}

	@Test
	void takesTheGoodLinesBesideABadOne() {
		String[] ids = { newId("nd"), newId("nd") };
		String file = drop(newId("jobs") + ".ndjson", jobRequest(ids[0]) + "\n\n{\"provider\":\"crun\",\n"
				+ jobRequest(ids[1]).replace("crun", "acool") + "\r\n" + jobRequest(ids[1]));
		awaitTaken(file);
		assertThat(isKnown(ids[0])).isTrue();
		assertThat(isKnown(ids[1])).isTrue();
		List<JsonNode> rows = rejectedRows(file);
		assertThat(rows).extracting((row) -> row.path("row").asInt()).containsExactly(3, 4);
		assertThat(rows.get(0).path("reason").asText()).contains("no JSON");
		assertThat(rows.get(0).path("request").asText()).isEqualTo("{\"provider\":\"crun\",");
		assertThat(rows.get(1).path("reason").asText()).contains("provider \"acool\": unknown");
		assertThat(rows.get(1).at("/request/jobId").asText()).isEqualTo(ids[1]);
		assertThat(rows.get(1).path("source").asText()).isEqualTo(file);
	}

	@Test
	void takesTheRecordsOfACsvFile() {
		String[] ids = { newId("csv"), newId("csv, \"quoted\""), newId("csv") };
		String file = drop(newId("jobs") + ".csv", """
				\uFEFFreference,jobId, provider ,mediaUrl,targets,colour
				order-42,%s,crun,"https://example.com/a,b.png",files,red

				"two
				lines","%s",crun,,,
				,%s,crun
				,,crun,,,
				order,extra,crun,,,,,x
				order,%s,crun,,files;crm,
				""".replace("\n", "\r\n").formatted(ids[0], ids[1].replace("\"", "\"\""), ids[2], newId("csv")));
		awaitTaken(file);
		assertThat(job("crun", ids[0]).path("reference").asText()).isEqualTo("order-42");
		assertThat(job("crun", ids[0]).path("mediaUrl").asText()).isEqualTo("https://example.com/a,b.png");
		assertThat(job("crun", ids[0]).path("targets")).extracting(JsonNode::asText).containsExactly("files");
		assertThat(job("crun", ids[1]).path("reference").asText()).isEqualTo("two\r\nlines");
		assertThat(job("crun", ids[1]).path("mediaUrl").isNull()).isTrue();
		assertThat(job("crun", ids[1]).path("targets").isNull()).isTrue();
		assertThat(isKnown(ids[2])).isTrue();
		assertThat(rejectedRows(file)).extracting((row) -> row.path("row") + " " + row.path("reason").asText())
			.satisfiesExactly((reason) -> assertThat(reason).startsWith("4 jobId: missing"),
					(reason) -> assertThat(reason).startsWith("5 record: 8 values under 6 columns"),
					(reason) -> assertThat(reason).startsWith("6 targets \"crm\": not configured"));
	}

	@Test
	void takesTheRowsBeforeAnArrayBreaksOff() throws IOException {
		String[] ids = { newId("cut"), newId("cut"), newId("cut") };
		String content = "[" + jobRequest(ids[0]) + "," + jobRequest(ids[1]) + ",{\"provider\":\"crun\",\"jobId\":\""
				+ ids[2];
		String file = drop(newId("jobs") + ".json", content);
		assertThat(awaitReason(file)).contains("unreadable after 2 requests");
		assertThat(isKnown(ids[0])).isTrue();
		assertThat(isKnown(ids[1])).isTrue();
		assertThat(isKnown(ids[2])).isFalse();
		assertThat(Files.readString(awaitRejectedFile(file))).isEqualTo(content);
		assertThat(this.inbox.resolve(".done").resolve(file)).doesNotExist();
	}

	@Test
	void setsRowsAsideWithWhatNobodyReads() {
		String id = newId("nd");
		String lines = drop(newId("jobs") + ".ndjson",
				jobRequest(id) + "\n" + jobRequest(newId("nd")).replace("jobId", "jobID") + "\n");
		awaitTaken(lines);
		assertThat(isKnown(id)).isTrue();
		assertThat(rejectedRows(lines).get(0).path("reason").asText()).contains("\"jobID\": unknown",
				"Did you mean \"jobId\"?");
		assertThat(awaitReason(drop(newId("jobs") + ".csv", "provider,jobId,refrence\ncrun,x-1,a\n")))
			.contains("column \"refrence\": unknown. Did you mean \"reference\"?");
	}

	@Test
	void setsAFileAsideThatHoldsNoJobs() {
		assertThat(awaitReason(drop(newId("empty") + ".json", "[]"))).contains("no job request in it");
		assertThat(awaitReason(drop(newId("empty") + ".ndjson", "\n\n"))).contains("no job request in it");
		assertThat(awaitReason(drop(newId("empty") + ".csv", "provider,jobId\n"))).contains("no job request in it");
		assertThat(awaitReason(drop(newId("headless") + ".csv", "crun,x-1\ncrun,x-2\n")))
			.contains("no header line with the columns provider and jobId");
		assertThat(awaitReason(drop(newId("twice") + ".csv", "provider;jobId;JobID\ncrun;x-1;x-2\n")))
			.contains("two columns named jobId");
		assertThat(awaitReason(drop(newId("picture") + ".png", "\u0089PNG\r\n"))).contains("unreadable");
	}

	@ParameterizedTest
	@ValueSource(strings = { ".csv", ".ndjson", ".json" })
	void refusesTextThatIsNotUtf8(String extension) {
		String id = newId("m\u00fcller");
		String text = extension.equals(".csv") ? "provider,jobId\ncrun," + id + "\n" : jobRequest(id) + "\n";
		String file = drop(newId("latin") + extension, text.getBytes(StandardCharsets.ISO_8859_1));
		assertThat(awaitReason(file)).contains("UTF-8");
	}

	@Test
	void readsAFileOfAnyOtherNameAsJson() {
		String id = newId("any");
		awaitTaken(drop(newId("jobs") + ".txt", jobRequest(id)));
		assertThat(isKnown(id)).isTrue();
		String upper = newId("any");
		awaitTaken(drop(newId("JOBS") + ".CSV", "jobId,provider\n" + upper + ",crun\n"));
		assertThat(isKnown(upper)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "two words %s.json", "\u00fcml\u00e4ut-\u4eba%s.json", "a'b\"c$%s.json",
			"${bean:x} {{y}} %s.json", "a;b=c&d#e%%2F%s.json" })
	void takesFilesOfAnyName(String name) {
		String id = newId("name");
		awaitTaken(drop(name.formatted(newId("")), jobRequest(id)));
		assertThat(isKnown(id)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "two words %s.json", "${bean:x} {{y}} %s.json" })
	void setsFilesOfAnyNameAside(String name) {
		assertThat(awaitReason(drop(name.formatted(newId("")), "{"))).contains("unreadable");
	}

	@Test
	void takesTheSameFileTwice() throws IOException {
		String id = newId("again");
		String file = drop(newId("jobs") + ".json", jobRequest(id));
		awaitTaken(file);
		JsonNode before = job("crun", id);
		drop(file, jobRequest(id));
		patiently().until(() -> Files.notExists(this.inbox.resolve(file)));
		assertThat(job("crun", id).path("registeredAt")).isEqualTo(before.path("registeredAt"));
		assertThat(rejected(file)).isEmpty();
	}

	@Test
	void takesAFileOfManyBatches() {
		standIn.autoJobs("auto");
		String prefix = newId("auto-0-0-large");
		String file = drop(newId("large") + ".ndjson",
				IntStream.range(0, 2500)
					.mapToObj((number) -> jobRequest(prefix + "-" + number))
					.collect(Collectors.joining("\n")));
		awaitTaken(file);
		assertThat(isKnown(prefix + "-0")).isTrue();
		assertThat(isKnown(prefix + "-2499")).isTrue();
		assertThat(awaitEnd("crun", prefix + "-2499").path("status").asText()).isEqualTo("SUCCEEDED");
	}

	@ParameterizedTest
	@ValueSource(strings = { "%s.tmp", "%s.part", "%s.json.filepart", "%s.PART", "%s.csv.crdownload", "%s.uploading",
			"~$%s.csv", "%s.csv~", ".%s.json" })
	void leavesFilesAloneThatAreNotFinished(String name) {
		String upload = drop(name.formatted(newId("upload")), jobRequest(newId("upload")));
		String id = newId("later");
		awaitTaken(drop(newId("later") + ".json", jobRequest(id)));
		assertThat(this.inbox.resolve(upload)).exists();
		assertThat(isKnown(id)).isTrue();
	}

	@Test
	void takesAFileWhoseTimeIsToCome() throws IOException {
		String id = newId("future");
		Path file = Files.writeString(this.data.resolve(id), jobRequest(id));
		Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(600)));
		Files.move(file, this.inbox.resolve(id + ".ndjson"));
		awaitTaken(id + ".ndjson");
		assertThat(isKnown(id)).isTrue();
	}

	@Test
	void takesAFileWhileAnotherGrows() throws IOException {
		String grows = newId("grows") + ".ndjson";
		try (Writer writer = Files.newBufferedWriter(this.inbox.resolve(grows))) {
			String other = drop(newId("other") + ".json", jobRequest(newId("other")));
			patiently().until(() -> {
				writer.append(jobRequest(newId("grows")) + "\n").flush();
				return Files.exists(this.inbox.resolve(".done").resolve(other));
			});
			assertThat(this.inbox.resolve(grows)).exists();
		}
		awaitTaken(grows);
	}

	@Test
	void leavesAloneWhatIsNoRegularFile() throws Exception {
		Path secret = Files.writeString(this.data.resolve(newId("secret")), "secret");
		Path link = Files.createSymbolicLink(this.inbox.resolve(newId("link") + ".json"), secret);
		Path fifo = this.inbox.resolve(newId("fifo") + ".json");
		new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
		awaitTaken(drop(newId("beside") + ".json", jobRequest(newId("beside"))));
		awaitTaken(drop(newId("after") + ".json", jobRequest(newId("after"))));
		assertThat(link).isSymbolicLink();
		assertThat(fifo).exists();
		assertThat(secret).hasContent("secret");
		assertThat(rejected(link.getFileName().toString())).isEmpty();
	}

	@Test
	void takesAndSetsAsideFilesWithTheLongestNames() {
		String id = newId("long");
		String name = "L".repeat(240 - id.length()) + id + ".ndjson";
		awaitTaken(drop(name, jobRequest(id)));
		assertThat(isKnown(id)).isTrue();
		String wide = "\u4eba".repeat(82) + "b.json";
		drop(wide, "{");
		patiently().until(() -> Files.notExists(this.inbox.resolve(wide)));
		assertThat(rejected("_".repeat(82) + "b.json")).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "gr\\374\\377\\376e", "line\\nbreak\\033[31m" })
	void takesFilesWithNamesThatAreNoText(String name) throws Exception {
		String id = newId("odd");
		String script = "printf '%s' '" + jobRequest(id) + "' > \"$(printf '" + name + "-" + id + ".ndjson')\"";
		new ProcessBuilder("sh", "-c", script).directory(this.inbox.toFile()).start().waitFor();
		patiently().until(() -> isKnown(id));
		patiently().until(() -> names(this.inbox.resolve(".done")).stream()
			.anyMatch((one) -> one.matches("[A-Za-z0-9%.\\[-]+" + id + "[.]ndjson")));
		assertThat(names(this.inbox)).noneMatch((one) -> one.contains(id));
	}

	private static List<String> names(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.map((file) -> file.getFileName().toString()).toList();
		}
	}

	private static String jobRequest(String id) {
		return "{\"provider\":\"crun\",\"jobId\":\"" + id + "\"}";
	}

	private String drop(String name, String content) {
		return drop(name, content.getBytes(StandardCharsets.UTF_8));
	}

	private String drop(String name, byte[] content) {
		try {
			Files.write(this.inbox.resolve(name), content);
			return name;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void awaitTaken(String file) {
		patiently().until(() -> Files.exists(this.inbox.resolve(".done").resolve(file)));
		assertThat(this.inbox.resolve(file)).doesNotExist();
	}

	private boolean isKnown(String id) {
		return get("/jobs/crun/" + id).statusCode() == 200;
	}

	private String awaitReason(String file) {
		Path reason = patiently()
			.until(() -> rejected(file),
					(files) -> files.stream().anyMatch((one) -> one.toString().endsWith(".reason.json"))
							&& Files.notExists(this.inbox.resolve(file)))
			.stream()
			.filter((one) -> one.toString().endsWith(".reason.json"))
			.findFirst()
			.orElseThrow();
		assertThat(reason.resolveSibling(reason.getFileName().toString().replace(".reason.json", ""))).exists();
		return parse(read(reason)).path("reason").asText();
	}

	private Path awaitRejectedFile(String file) {
		return rejected(file).stream().filter((one) -> one.toString().endsWith(file)).findFirst().orElseThrow();
	}

	private List<JsonNode> rejectedRows(String file) {
		return rejected(file).stream()
			.filter((one) -> one.toString().endsWith(".rows.ndjson"))
			.flatMap((one) -> read(one).lines())
			.map(RunningVedette::parse)
			.toList();
	}

	/** What of this file is among the rejected ones, by whatever name. */
	private List<Path> rejected(String file) {
		String name = file.replaceAll("[^A-Za-z0-9._-]", "_");
		try (Stream<Path> files = Files.list(Files.createDirectories(this.data.resolve("rejected")))) {
			return files.filter((one) -> !one.getFileName().toString().startsWith("."))
				.filter((one) -> one.toString().contains("-" + name))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
