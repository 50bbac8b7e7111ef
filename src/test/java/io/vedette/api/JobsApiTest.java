package io.vedette.api;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vedette.RunningVedette;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.web.util.UriUtils;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("store")
class JobsApiTest extends RunningVedette {

	private static final int MEGABYTE = 1024 * 1024;

	@Test
	void takesAJobOnce() {
		String id = newId("once");
		HttpResponse<String> first = post("/jobs", jobRequest(id).put("reference", "order-42").toString());
		HttpResponse<String> second = post("/jobs", jobRequest(id).put("reference", "another").toString());
		assertThat(first.statusCode()).isEqualTo(202);
		assertThat(second.statusCode()).isEqualTo(200);
		for (HttpResponse<String> response : List.of(first, second)) {
			assertThat(response.headers().firstValue("location")).contains("/jobs/crun/" + id);
			assertThat(parse(response.body()).path("jobId").asText()).isEqualTo(id);
			assertThat(parse(response.body()).path("status").asText()).isEqualTo("WATCHING");
			assertThat(parse(response.body()).path("reference").asText()).isEqualTo("order-42");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "../../x", "a?b=c#d", "100%", "%2e%2e%2f", "a/b//c/", "back\\slash", "semi;colon=1",
			"\uD83D\uDE00 face", "a+b&c", "${jndi:x}", "{{vedette.data}}", "#simple", "*", ".." })
	void findsAndForgetsAJobByAnyId(String odd) {
		String id = odd + newId("");
		standIn.akool(id).withFaces(1);
		HttpResponse<String> taken = post("/jobs", jobRequest(id).put("provider", "akool").toString());
		String location = taken.headers().firstValue("location").orElseThrow();
		assertThat(location).isEqualTo("/jobs/akool/" + UriUtils.encode(id, StandardCharsets.UTF_8));
		JsonNode job = awaitEnd("akool", id);
		assertThat(job.path("jobId").asText()).isEqualTo(id);
		assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(delete(location).statusCode()).isEqualTo(204);
		assertThat(get(location).statusCode()).isEqualTo(404);
		assertThat(events("akool", id)).isEmpty();
	}

	@Test
	void answersAnArrayInItsOrderWithProblemsInTheirPlace() {
		String first = newId("array");
		String third = newId("array");
		ArrayNode array = array(jobRequest(first), jobRequest("x").put("provider", "acool"), jobRequest(third),
				JsonNodeFactory.instance.textNode("crun"));
		HttpResponse<String> response = post("/jobs", array.toString());
		JsonNode items = parse(response.body());
		assertThat(response.statusCode()).isEqualTo(202);
		assertThat(response.headers().firstValue("content-type")).contains("application/json");
		assertThat(items).hasSize(4);
		assertThat(items.at("/0/jobId").asText()).isEqualTo(first);
		assertThat(items.at("/1/status").asInt()).isEqualTo(400);
		assertThat(items.at("/1/detail").asText()).contains("row 2", "provider \"acool\"", "[akool, crun]");
		assertThat(items.at("/2/jobId").asText()).isEqualTo(third);
		assertThat(items.at("/3/detail").asText()).contains("row 4", "expected a JSON object");
		assertThat(post("/jobs", array.toString()).statusCode()).isEqualTo(200);
		assertThat(post("/jobs", array(items.get(1), items.get(1)).toString()).statusCode()).isEqualTo(400);
	}

	@Test
	void takesTheSameJobTwiceInOneArrayOnce() {
		String id = newId("twice");
		HttpResponse<String> response = post("/jobs", array(jobRequest(id), jobRequest(id)).toString());
		assertThat(response.statusCode()).isEqualTo(202);
		assertThat(parse(response.body())).extracting((job) -> job.path("jobId").asText()).containsExactly(id, id);
	}

	@Test
	void takesAThousandAtOnceAndNotOneMore() {
		standIn.autoJobs("auto");
		List<JsonNode> requests = IntStream.range(0, 1001)
			.<JsonNode>mapToObj((number) -> jobRequest(newId("auto-0-0-thousand")))
			.toList();
		assertProblem(post("/jobs", array(requests.toArray(JsonNode[]::new)).toString()), 400, "1001 job requests");
		assertThat(get("/jobs/crun/" + requests.get(0).path("jobId").asText()).statusCode()).isEqualTo(404);
		HttpResponse<String> response = post("/jobs",
				array(requests.subList(0, 1000).toArray(JsonNode[]::new)).toString());
		assertThat(response.statusCode()).isEqualTo(202);
		assertThat(parse(response.body())).extracting((job) -> job.path("jobId").asText())
			.isEqualTo(requests.subList(0, 1000).stream().map((request) -> request.path("jobId").asText()).toList());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "[]", "{", "[{]", "nothing", "{} {}", "{\"provider\":\"crun\",\"jobId\":\"x\"} x",
			"[{\"provider\":\"crun\",\"jobId\":\"never-taken\"}", "null", "5", "\"crun\"" })
	void refusesABodyThatIsNoJobRequest(String body) {
		assertProblem(post("/jobs", body), 400, "");
		assertThat(get("/jobs/crun/never-taken").statusCode()).isEqualTo(404);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					{'jobId':'x'}                                           | provider: missing
					{'provider':'crun'}                                     | jobId: missing
					{'provider':'crun','jobId':null}                        | jobId: missing
					{'provider':'crun','jobId':''}                          | jobId "": 0 characters; expected 1-200 printable
					{'provider':'crun','jobId':5}                           | jobId: a number
					{'provider':'crun','jobId':['x']}                       | jobId: an array
					{'provider':{},'jobId':'x'}                             | provider: an object
					{'provider':'Crun','jobId':'x'}                         | provider "Crun": unknown; expected one of [akool, crun]
					{'provider':'${body}','jobId':'x'}                      | provider "${body}": unknown
					{'provider':'crun','jobId':'a\\u0000b'}                 | control character
					{'provider':'crun','jobId':'a\\nb'}                     | control character
					{'provider':'crun','jobId':'a\\u2028b'}                 | control character
					{'provider':'crun','jobId':'a\\ud83db'}                 | control character
					{'provider':'crun','jobId':'x','reference':'a\\u0000b'} | reference "a?b": holds a control character
					{'provider':'crun','jobId':'x','reference':5}           | reference: a number
					{'provider':'crun','jobId':'x','mediaUrl':true}         | mediaUrl: true or false
					{'provider':'crun','jobId':'x','targets':['crm']}       | targets "crm": not configured; expected some of [files]
					{'provider':'crun','jobId':'x','targets':['file:/tmp']} | targets "file:/tmp": not configured
					{'provider':'crun','jobId':'x','targets':[]}            | targets: an empty array
					{'provider':'crun','jobId':'x','targets':'files'}       | targets: text
					{'provider':'crun','jobId':'x','targets':[5]}           | targets a number: not configured
					{'provider':'crun','jobId':'x','mediaURL':'u'}          | "mediaURL": unknown; expected some of [provider, jobId, mediaUrl, reference, targets, traceparent, account, mediaKind, priority, batch, batchSize, requestId]. Did you mean "mediaUrl"?
					{'provider':'crun','jobid':'x'}                         | "jobid": unknown
					{'provider':'crun','jobId':'x','mediaKind':'vidoe'}     | mediaKind "vidoe": unknown; expected one of [image, video, gif]. Did you mean "video"?
					{'provider':'crun','jobId':'x','mediaKind':1}           | mediaKind a number: unknown
					{'provider':'crun','jobId':'x','priority':10}           | priority "10": no whole number from 1 to 9; expected one, 9 for the most urgent. Correct it, or leave it out for 5.
					{'provider':'crun','jobId':'x','priority':0}            | priority "0": no whole number
					{'provider':'crun','jobId':'x','priority':1.5}          | priority "1.5": no whole number
					{'provider':'crun','jobId':'x','priority':'5'}          | priority "5": no whole number
					""")
	void saysWhatIsWrongWithARequest(String body, String problem) {
		assertProblem(post("/jobs", body.replace('\'', '"')), 400, problem);
	}

	@Test
	void countsCharactersAsPeopleDo() {
		String end = newId("");
		String longest = "\uD83D\uDE00".repeat(200 - end.length()) + end;
		assertThat(longest.codePointCount(0, longest.length())).isEqualTo(200);
		assertThat(post("/jobs", jobRequest(longest).toString()).statusCode()).isEqualTo(202);
		assertThat(job("crun", longest).path("jobId").asText()).isEqualTo(longest);
		assertProblem(post("/jobs", jobRequest("x".repeat(201)).toString()), 400, "201 characters; expected");
		assertProblem(post("/jobs", jobRequest("x" + longest).toString()), 400, "201 characters; expected");
	}

	@Test
	void returnsTheReferenceUntouched() {
		String reference = "  line\r\nbreak\t\"quote\" ${body} {{x}} \u00e9 \uD83D\uDE00 ";
		String id = newId("reference");
		standIn.crun(id).withFaces(1);
		register(jobRequest(id).put("reference", reference).put("mediaUrl", "https://example.com/a b?c=%20"));
		assertThat(awaitEnd("crun", id).path("reference").asText()).isEqualTo(reference);
		assertThat(events("crun", id)).extracting((event) -> event.at("/data/reference").asText())
			.containsOnly(reference);
		assertThat(events("crun", id)).extracting((event) -> event.at("/data/mediaUrl").asText())
			.containsOnly("https://example.com/a b?c=%20");
	}

	static Stream<BodyPublisher> refusesABodyOfFiftyMegabytes() {
		byte[] body = " ".repeat(50 * MEGABYTE).getBytes(StandardCharsets.US_ASCII);
		return Stream.of(BodyPublishers.ofByteArray(body),
				BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
	}

	@ParameterizedTest
	@MethodSource
	void refusesABodyOfFiftyMegabytes(BodyPublisher body) {
		assertProblem(send(request("/jobs").header("content-type", "application/json").POST(body)), 413, "longer than");
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x",
			"application/xml", "rubbish" })
	void refusesABodyThatAWebPageCouldSend(String type) {
		assertProblem(send(request("/jobs").header("content-type", type)
			.POST(BodyPublishers.ofString(jobRequest(newId("form")).toString()))), 415, "application/json");
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/json;charset=ISO-8859-1", "application/vnd.api+json" })
	void readsJsonAsUtf8(String type) {
		String id = newId("\u00e9");
		HttpResponse<String> response = send(
				request("/jobs").header("content-type", type).POST(BodyPublishers.ofString(jobRequest(id).toString())));
		assertThat(response.statusCode()).isEqualTo(202);
		assertThat(job("crun", id).path("jobId").asText()).isEqualTo(id);
	}

	@ParameterizedTest
	@CsvSource({ "GET,/nothing,404", "GET,/jobs/crun,404", "GET,/jobs/crun/unknown,404", "GET,/jobs/a/b/c,404",
			"DELETE,/jobs/crun/unknown,404", "PUT,/jobs,405", "DELETE,/jobs,405", "PATCH,/jobs/crun/x,405",
			"POST,/deliveries,405", "GET,/jobs?limit=0,400", "GET,/jobs?limit=1001,400", "GET,/jobs?limit=x,400",
			"GET,/jobs?after=-1,400", "GET,/jobs?staus=DEAD,400", "GET,/providers?x=1,400",
			"POST,/jobs?dryRun=true,400", "GET,/jobs?after=99999999999999999999,400", "GET,/jobs?status=DONE,400" })
	void answersMistakesWithProblemDetails(String method, String path, int status) {
		BodyPublisher body = method.startsWith("P") ? BodyPublishers.ofString("{}") : BodyPublishers.noBody();
		assertProblem(send(request(path).header("content-type", "application/json").method(method, body)), status, "");
	}

	@Test
	void pagesThroughTheJobsNewestFirst() {
		List<String> ids = IntStream.range(0, 5).mapToObj((number) -> newId("page")).toList();
		ids.forEach((id) -> register("akool", id));
		JsonNode first = parse(get("/jobs?provider=akool&status=watching&limit=2").body());
		JsonNode second = parse(
				get("/jobs?provider=akool&status=WATCHING&limit=2&after=" + first.path("next").asText()).body());
		assertThat(jobIds(first)).containsExactly(ids.get(4), ids.get(3));
		assertThat(jobIds(second)).containsExactly(ids.get(2), ids.get(1));
		assertThat(jobIds(parse(get("/jobs?provider=crun").body()))).doesNotContainAnyElementsOf(ids);
		assertThat(jobIds(parse(get("/jobs?provider=nobody").body()))).isEmpty();
		assertThat(get("/jobs?status=CANCELLED").statusCode()).isEqualTo(400);
	}

	@Test
	void endsAfterTheLastPage() {
		IntStream.range(0, 3).forEach((number) -> register("crun", newId("walk")));
		List<String> all = new ArrayList<>();
		String next = "";
		while (next != null) {
			JsonNode page = parse(get("/jobs?limit=500" + next).body());
			StreamSupport.stream(page.path("jobs").spliterator(), false)
				// A provider has given no id yet to what other tests submitted.
				.map((job) -> job.path("provider").asText() + "/"
						+ job.path("jobId").asText(job.path("requestId").asText()))
				.forEach(all::add);
			next = page.path("next").isNull() ? null : "&after=" + page.path("next").asText();
		}
		assertThat(all).hasSizeGreaterThanOrEqualTo(3).doesNotHaveDuplicates();
	}

	@ParameterizedTest
	@CsvSource({ "'',4", "&provider=akool,2", "&status=SUCCEEDED,2", "&status=watching&provider=crun,1" })
	void pagesThroughWhatAFilterLeaves(String filter, int count) {
		String own = newId("filtered");
		standIn.akool(own + "-a").withFaces(0);
		standIn.crun(own + "-b").withFaces(1);
		watch("akool", own + "-a");
		watch("crun", own + "-b");
		standIn.akool(own + "-c");
		standIn.crun(own + "-d");
		register("akool", own + "-c");
		register("crun", own + "-d");
		List<String> all = jobIds(parse(get("/jobs?limit=1000" + filter).body()));
		assertThat(all).filteredOn((id) -> id.startsWith(own + "-")).hasSize(count);
		List<String> paged = new ArrayList<>();
		String after = "";
		while (paged.size() < count) {
			JsonNode page = parse(get("/jobs?limit=1" + filter + after).body());
			jobIds(page).stream().filter((id) -> id.startsWith(own + "-")).forEach(paged::add);
			after = "&after=" + page.path("next").asText();
		}
		assertThat(paged).isEqualTo(all.stream().filter((id) -> id.startsWith(own + "-")).toList());
		Stream.of("akool/" + own + "-c", "crun/" + own + "-d").forEach((job) -> delete("/jobs/" + job));
	}

	@Test
	void forgetsAJobWithItsDeliveriesAndFiles() {
		String id = newId("forget");
		standIn.crun(id).withFaces(2);
		watch("crun", id);
		assertThat(this.data.resolve("out/crun/" + id)).isDirectoryContaining("glob:**/face-1.jpg");
		assertThat(delete("/jobs/crun/" + id).statusCode()).isEqualTo(204);
		assertThat(this.data.resolve("out/crun/" + id)).doesNotExist();
		assertThat(get("/jobs/crun/" + id).statusCode()).isEqualTo(404);
		assertThat(get("/deliveries?limit=1000").body()).doesNotContain(id);
		assertProblem(delete("/jobs/crun/" + id), 404, "");
	}

	@Test
	void stopsAskingForAForgottenJob() {
		String id = newId("forget");
		standIn.crun(id);
		register("crun", id);
		awaitPolls("crun", id, 2);
		assertThat(delete("/jobs/crun/" + id).statusCode()).isEqualTo(204);
		int polls = standIn.polls("crun", id).size();
		patiently().during(Duration.ofMillis(800)).until(() -> standIn.polls("crun", id).size() <= polls + 1);
		assertThat(get("/jobs/crun/" + id).statusCode()).isEqualTo(404);
	}

	@Test
	void saysWhichQueryParameterWasMeant() {
		assertProblem(get("/jobs?staus=FAILED"), 400,
				"query parameter \"staus\": unknown; expected one of [status, provider, reference, target, batch, q, since, until, limit, after, requestId, account]. Did you mean \"status\"?");
	}

	@Test
	void takesTheGoodBesideAnUnknownMember() {
		String good = newId("beside");
		String bad = newId("beside");
		HttpResponse<String> response = post("/jobs",
				array(jobRequest(bad).put("refrence", "x"), jobRequest(good)).toString());
		assertThat(response.statusCode()).isEqualTo(202);
		assertThat(parse(response.body()).at("/0/detail").asText()).contains("row 1", "Did you mean \"reference\"?");
		assertThat(parse(response.body()).at("/1/jobId").asText()).isEqualTo(good);
		assertThat(get("/jobs/crun/" + bad).statusCode()).isEqualTo(404);
	}

	private static ObjectNode jobRequest(String id) {
		return JsonNodeFactory.instance.objectNode().put("provider", "crun").put("jobId", id);
	}

	private static ArrayNode array(JsonNode... items) {
		return JsonNodeFactory.instance.arrayNode().addAll(List.of(items));
	}

	private static List<String> jobIds(JsonNode page) {
		return page.path("jobs").findValuesAsText("jobId");
	}

	private static void assertProblem(HttpResponse<String> response, int status, String detail) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("application/problem+json");
		assertThat(parse(response.body()).path("status").asInt()).isEqualTo(status);
		assertThat(parse(response.body()).path("detail").asText()).contains(detail).isNotBlank();
	}

}
