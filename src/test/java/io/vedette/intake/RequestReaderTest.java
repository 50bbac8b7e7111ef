package io.vedette.intake;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vedette.delivery.Targets;
import io.vedette.job.MediaKind;
import io.vedette.job.NodeLifecycle;
import io.vedette.provider.Providers;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

class RequestReaderTest {

	private final NodeLifecycle lifecycle = mock();

	private final RequestReader reader = new RequestReader(check(),
			JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build(), this.lifecycle);

	private final List<Row> rows = new ArrayList<>();

	private String problem;

	@Test
	void readsKindAndPriorityOfACsvFile() {
		read("a.csv",
				"provider,jobId,Media Kind,priority,mediaUrl\nakool,x1,gif,9,\nakool,x2,,,a.MP4\nakool,x3,,high,\n");
		assertThat(this.rows.get(0).request().mediaKind()).isEqualTo(MediaKind.GIF);
		assertThat(this.rows.get(0).request().priority()).isEqualTo(9);
		assertThat(this.rows.get(1).request().mediaKind()).isEqualTo(MediaKind.VIDEO);
		assertThat(this.rows.get(1).request().priority()).isNull();
		assertThat(this.rows.get(2).problem())
			.startsWith("priority \"high\": no whole number from 1 to 9; expected one");
	}

	/** As far as Camel's Splitter, which takes what is left once one of them failed. */
	@Test
	void readsAFileNoFurtherOnceVedetteStops() {
		String text = "provider,jobId\n"
				+ IntStream.rangeClosed(1, 3000).mapToObj("akool,x%d\n"::formatted).collect(Collectors.joining());
		Requests requests = this.reader.readFile(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
				"a.csv", 1L);
		assertThat(requests.next()).hasSize(1000);
		given(this.lifecycle.isOver()).willReturn(true);
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(requests::next);
		assertThat(requests.hasNext()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "provider, jobId\nakool, x1\nakool , x2\nakool,x3 \n",
			"provider,jobId\nakool\u00a0,x1\u00a0\n\u200bakool,x2\u200b\n\ufeffakool,\u202ax3\u202c\n",
			"\"provider\" , \"jobId\"\n\"akool\" , \" x1\"\n akool,\t\"x2\"\n\"akool\t\",\"x3\u3000\"\n" })
	void trimsTheValuesOfACsvFile(String text) {
		read("a.csv", text);
		assertThat(ids()).containsExactly("x1", "x2", "x3");
		assertThat(this.problem).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "provider,jobId\nakool,x1,\nakool,x2,,,\nakool,x3\n",
			"provider,jobId,,\nakool,x1,,\n,,,\nakool,x2,,\nakool,x3\n,,,\n",
			";;\n\nprovider;jobId;;\nakool;x1;;\n;;;\nakool;x2\nakool;x3; ;\u00a0;\n" })
	void passesOverEmptyCellsAndRows(String text) {
		read("a.csv", text);
		assertThat(ids()).containsExactly("x1", "x2", "x3");
		assertThat(this.problem).isNull();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "sep=,\r\nprovider,jobId\r\nakool,x1\r\n", "\ufeffprovider;jobId;reference\nakool;x1;a,b\n",
					"sep=;\nprovider;jobId\nakool;x1", "\ufeffSEP=;\n\"provider\";\"jobId\"\n\"akool\";\"x1\"\n",
					"\"sep=;\"\nprovider;jobId\nakool;x1\n", "provider\tjobId\treference\nakool\tx1\ta,b\n",
					"sep=|\nprovider|jobId\nakool|x1\n", "provider,jobId\nakool,x1\n", "Provider,JobID\nakool,x1\n",
					"PROVIDER;Job Id\nakool;x1\n", "\n\nreference;jobId;provider\n\"a\nb\";x1;akool\n" })
	void readsCsvAsSpreadsheetsWriteIt(String text) {
		read("a.csv", text);
		assertThat(ids()).containsExactly("x1");
		assertThat(this.problem).isNull();
	}

	@Test
	void readsTargetsAndReferencesBesideOtherSeparators() {
		read("a.csv", "provider;jobId;reference;targets;colour\nakool;x1;\"a;b\";files crm;red\n");
		assertThat(this.rows).singleElement().satisfies((row) -> {
			assertThat(row.request().reference()).isEqualTo("a;b");
			assertThat(row.request().targets()).containsExactly("files", "crm");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "provider,jobId,jobId\nakool,x1,x2\n", "provider;JobId;jobid \nakool;x1;x2\n" })
	void refusesTwoColumnsOfOneName(String text) {
		read("a.csv", text);
		assertThat(this.rows).isEmpty();
		assertThat(this.problem).contains("two columns", "jobId", "Remove");
	}

	@Test
	void refusesAValueUnderNoColumn() {
		read("a.csv", "provider,jobId,,\nakool,x1,,y\nakool,x2\n");
		assertThat(ids()).containsExactly(null, "x2");
		assertThat(this.rows.get(0).problem()).contains("4 values under 2 columns");
	}

	@ParameterizedTest
	@ValueSource(strings = { " x1", "x1 ", "x1\u00a0", "x1\u200b", "\ufeffx1" })
	void refusesABlankAroundAnIdInJson(String id) {
		read("a.json", "{\"provider\":\"akool\",\"jobId\":\"" + id + "\"}");
		assertThat(this.rows).singleElement()
			.satisfies((row) -> assertThat(row.problem()).startsWith("jobId ").contains("blank", "Remove it"));
	}

	@Test
	void readsTheLinesAroundOneThatIsTooLong() {
		String large = "{\"provider\":\"akool\",\"jobId\":\"x2\",\"reference\":\"" + "r".repeat(1 << 20) + "\"}";
		String edge = "{\"provider\":\"akool\",\"jobId\":\"x3\"}";
		edge += " ".repeat((1 << 20) - edge.length());
		read("a.ndjson", request("x1") + "\r\n" + large + "\n\n" + edge + "\n" + request("x4"));
		assertThat(ids()).containsExactly("x1", null, "x3", "x4");
		assertThat(this.rows).extracting(Row::number).containsExactly(1, 2, 4, 5);
		assertThat(this.rows.get(1).problem()).contains("longer than 1048576 characters");
		assertThat(this.rows.get(1).raw().asText()).hasSizeLessThan(2000).startsWith("{\"provider\"");
	}

	@Test
	void readsNoMoreThanAFewLargeLinesAtOnce() {
		String large = request("x").replace("}", ",\"padding\":\"" + "p".repeat(1_000_000) + "\"}\n");
		Requests requests = this.reader.readFile(new ByteArrayInputStream(large.repeat(40).getBytes()), "a.ndjson",
				null);
		requests.forEachRemaining((batch) -> {
			assertThat(batch).hasSizeBetween(1, 9);
			this.rows.addAll(batch);
		});
		assertThat(this.rows).hasSize(40);
	}

	@ParameterizedTest
	@CsvSource({ "a.jsonl, true", "a.NDJSON, true", "a.tsv, false" })
	void knowsTheNamesOfTheFormats(String name, boolean lines) {
		read(name, lines ? "no json\n" + request("x1") : "provider\tjobId\nakool\tx1\n");
		assertThat(ids()).contains("x1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "content-encoding", "Content-Encoding", "CamelSpringRabbitmqContentEncoding", "none" })
	void unpacksAMessage(String header) {
		receive(gzip(request("x1").getBytes(StandardCharsets.UTF_8)), header, "gzip");
		assertThat(ids()).containsExactly("x1");
	}

	@Test
	void readsAMessageThatIsNotPackedWhateverItsHeaderSays() {
		receive(request("x1").getBytes(StandardCharsets.UTF_8), "content-encoding", "gzip");
		receive(request("x2"), "CamelSpringRabbitmqContentEncoding", "UTF-8");
		assertThat(ids()).containsExactly("x1", "x2");
	}

	@Test
	void refusesAMessageThatUnpacksToTooMuch() {
		receive(gzip(new byte[(16 << 20) + 1]), "content-encoding", "gzip");
		assertThat(this.rows).isEmpty();
		assertThat(this.problem).contains("more than 16 MB", "fewer");
	}

	@Test
	void refusesAMessageThatCannotBeUnpacked() {
		byte[] packed = gzip(request("x1").getBytes(StandardCharsets.UTF_8));
		receive(Arrays.copyOf(packed, packed.length - 12), "content-encoding", "gzip");
		assertThat(this.problem).contains("gzip", "broken");
		receive(new byte[] { 1, 2, 3 }, "Content_Encoding", "br");
		assertThat(this.problem).contains("content-encoding \"br\"", "gzip");
		receive(List.of(request("x1")), "content-encoding", "gzip");
		assertThat(this.problem).contains("expected JSON as text or bytes");
		assertThat(this.rows).isEmpty();
	}

	@Test
	void takesTheRequestInsideACloudEvent() {
		String envelope = "{\"specversion\":\"1.0\",\"type\":\"shop.order\",\"source\":\"/shop\",\"id\":\"1\",%s}";
		String encoded = Base64.getEncoder().encodeToString(request("x2").getBytes(StandardCharsets.UTF_8));
		receive(envelope.formatted("\"data\":" + request("x1")), "content-type", "application/cloudevents+json");
		receive("[" + envelope.formatted("\"data_base64\":\"" + encoded + "\"") + "," + request("x3") + "]", "none",
				"");
		read("a.ndjson", envelope.formatted("\"data\":" + request("x4")) + "\n");
		assertThat(ids()).containsExactly("x1", "x2", "x3", "x4");
	}

	@Test
	void takesTheEventsThatVedetteSends() {
		receive("""
				{"specversion":"1.0","type":"vedette.face.detected","source":"/providers/akool","subject":"x1/0",
				 "id":"akool:x1:face:0","datacontenttype":"application/json","data":{"provider":"akool","jobId":"x1",
				 "faceId":"0","index":0,"total":2,"mediaUrl":"https://example.com/a.png","reference":"order-42"}}""",
				"none", "");
		assertThat(this.rows).singleElement().satisfies((row) -> {
			assertThat(row.request().reference()).isEqualTo("order-42");
			assertThat(row.raw().has("faceId")).isFalse();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"data\":\"no object\"", "\"data_base64\":\"!\"", "\"data_base64\":\"bm8gSlNPTg==\"",
			"\"data_base64\":1", "\"data_base64\":\"\"", "\"subject\":\"no data\"" })
	void saysWhatIsWrongWithACloudEvent(String data) {
		receive("[{\"specversion\":\"1.0\"," + data + "}," + request("x1") + "]", "none", "");
		assertThat(ids()).containsExactly(null, "x1");
		assertThat(this.rows.get(0).problem()).matches("(request|data_base64|provider): .*");
	}

	private void read(String name, String text) {
		collect(this.reader.readFile(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), name, null));
	}

	private void receive(Object body, String header, String value) {
		Message message = new DefaultExchange(new DefaultCamelContext()).getMessage();
		message.setBody(body);
		message.setHeader(header, value);
		collect(this.reader.readMessage(message));
	}

	private void collect(Requests requests) {
		requests.forEachRemaining(this.rows::addAll);
		this.problem = requests.getProblem();
	}

	private List<String> ids() {
		return this.rows.stream().map((row) -> (row.problem() == null) ? row.request().jobId() : null).toList();
	}

	private static String request(String id) {
		return "{\"provider\":\"akool\",\"jobId\":\"" + id + "\"}";
	}

	private static byte[] gzip(byte[] bytes) {
		ByteArrayOutputStream packed = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
			gzip.write(bytes);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return packed.toByteArray();
	}

	private static RequestCheck check() {
		Providers providers = mock(Providers.class);
		given(providers.knows(anyString())).willAnswer((call) -> "akool".equals(call.getArgument(0)));
		Targets targets = mock(Targets.class);
		given(targets.names()).willReturn(List.of("files", "crm"));
		return new RequestCheck(providers, targets);
	}

}
