package io.vedette.provider;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.config.ConfigurationProblem;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What a team reads whose table is wrong, before anything is asked. */
class ProviderTablesTest {

	private static final String TABLE = """
			- templatedRoute:
			    routeTemplateRef: ask-provider
			    routeId: ask-sample
			    parameters:
			      - name: provider
			        value: sample
			      - name: url
			        value: https://api.example.com/v1/jobs
			      - name: query
			        value: id={jobId}
			      - name: key
			        value: "x-api-key: {key}"
			      - name: status
			        value: .status
			      - name: means
			        value: |
			          pending: running
			          succeeded: done
			""";

	private static final String SUBMIT_TABLE = """
			- templatedRoute:
			    routeTemplateRef: submit-provider
			    routeId: submit-other
			    parameters:
			      - name: provider
			        value: other
			      - name: url
			        value: https://api.example.com/v1/submit
			      - name: body
			        value: "{url: $mediaUrl}"
			      - name: key
			        value: "x-api-key: {key}"
			      - name: id
			        value: .id
			      - name: good
			        value: '"/x"'
			      - name: means
			        value: |
			          failed: 400
			          throttled: 429
			""";

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					name: status                     | name: statsu               | "statsu": unknown; expected one of  | Did you mean "status"?
					name: means                      | name: meaning              | "meaning": unknown                  | Did you mean "means"?
					value: .status                   | value: ""                  | "status": missing; expected jq of the job's status | Add it
					value: https://api.example.com/v1/jobs | value: ""            | "url": missing; expected where to ask | Add it
					value: "x-api-key: {key}"        | value: ""                  | "key": missing                      | Add it
					value: sample                    | value: other               | "provider": "other"                 | the same name
					ask-sample                       | ask-Sample_1               | lower-case letters, digits and hyphens | Rename it
					value: .status                   | value: .status[            | "status": no jq:                    | Correct the program
					value: .status                   | value: .status + )         | "status": no jq:                    | Correct the program
					succeeded: done                  | failed: Running            | "Running" is both pending and failed | Take it out
					succeeded: done                  | succeded: done             | "succeded" is no answer; expected lines that begin with one of | Did you mean "succeeded"?
					succeeded: done                  | done                       | "done" is no answer                 | Correct the line
					/v1/jobs                         | /v1/jobs/                  | "url": not http:// or https://      | base-url
					/v1/jobs                         | //jobs                     | "url": not http:// or https://      | base-url
					/v1/jobs                         | /v1?a=b                    | "url": not http:// or https://      | base-url
					https://api                      | ftp://api                  | "url": not http:// or https://      | base-url
					https://api                      | https://me@api             | "url": not http:// or https://      | base-url
					/v1/jobs                         | /{{no.such.key}}           | "url": Property with key [no.such.key] not found | Set the key
					value: id={jobId}                | value: id=7                | "query": the job's id is nowhere in the request | Write it where
					"x-api-key: {key}"               | "x-api-key: hunter2"       | "key": neither a header nor a query parameter | vedette.providers.sample.api-key
					"x-api-key: {key}"               | "CamelHttpUri: {key}"      | "key": neither a header nor a query parameter | vedette.providers.sample.api-key
					""")
	void isToldWhereAndWhatAndWhatToDo(String right, String wrong, String what, String action) {
		assertThatExceptionOfType(ConfigurationProblem.class).isThrownBy(() -> read(TABLE.replace(right, wrong)))
			.satisfies((problem) -> {
				assertThat(problem).hasMessageStartingWith("route \"ask-")
					.hasMessageContaining(what)
					.message()
					.doesNotContain("hunter2");
				assertThat(problem.action()).contains(action).doesNotContain("hunter2");
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			path    | /{jobId}          | begins with a slash
			path    | {jobId}?a=b       | holds a query
			path    | {jobID}           | "{jobID}"; expected nothing in braces but {jobId}
			path    | a/{jobUrl}        | "a/{jobUrl}"; expected nothing in braces but {jobId}
			query   | id={jobId}&x={y}  | expected nothing in braces but {jobId}
			body    | '{id: $jobId'     | no jq
			body    | empty             | makes no JSON
			headers | X-Version 2       | expected a header as in X-Version: 2
			headers | CamelHttpUri: x   | expected a header as in X-Version: 2
			faces   | .faces[           | no jq
			""")
	void isToldTheSameAboutWhatMayBeLeftOut(String name, String value, String what) {
		String table = with(name, value);
		assertThatExceptionOfType(ConfigurationProblem.class).isThrownBy(() -> read(table))
			.withMessageStartingWith("route \"ask-sample\", parameter \"%s\": ".formatted(name))
			.withMessageContaining(what);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					name: means                  | name: meaning          | parameter "meaning": unknown; expected one of | Did you mean "means"?
					routeId: submit-other        | routeId: submit-othre  | no route ask-othre beside it; expected one of [other] | Did you mean "other"?
					name: body                   | name: boddy            | parameter "boddy": unknown             | Did you mean "body"?
					value: other                 | value: sample2         | parameter "provider": "sample2"        | the same name
					value: "{url: $mediaUrl}"    | value: ""              | parameter "body": missing; expected jq of the JSON to send | Add it
					value: .id                   | value: ""              | parameter "id": missing; expected jq of the job's id | Add it
					value: https://api.example.com/v1/submit | value: ""  | parameter "url": missing; expected where to ask | Add it
					value: "x-api-key: {key}"    | value: ""              | parameter "key": missing               | Add it
					value: .id                   | value: .id[            | parameter "id": no jq:                 | Correct the program
					{url: $mediaUrl}             | {url: $mediaUrl        | parameter "body": no jq:               | Correct the program
					{url: $mediaUrl}             | {url: $mediaURL}       | parameter "body": the media URL is nowhere in it | Write $mediaUrl where
					{url: $mediaUrl}             | {url: 1}               | parameter "body": the media URL is nowhere in it for the kind image | Write $mediaUrl where
					{url: $mediaUrl}             | if $mediaKind == \\\"gif\\\" then {} else {url: $mediaUrl} end | parameter "body": the media URL is nowhere in it for the kind gif | Write $mediaUrl where
					name: good                   | name: path             | parameter "path": "/x" for the kind image; expected text | Correct it
					name: good                   | name: idempotency      | parameter "idempotency": "\"/x\""; expected the name of a header | Idempotency-Key
					name: good                   | name: headers          | parameter "headers": "\"/x\""; expected a header as in X-Version: 2 | one a line
					throttled: 429               | succeeded: 429         | parameter "means": "succeeded" is no answer; expected lines that begin with one of [failed, throttled, refused, again] | Correct the line
					throttled: 429               | refused: 400           | parameter "means": "400" is both failed and refused | Take it out
					/v1/submit                   | /v1/submit?a=b         | parameter "url": not http:// or https:// | base-url
					/v1/submit                   | /{{no.such.key}}       | parameter "url": Property with key [no.such.key] not found | Set the key
					"x-api-key: {key}"           | "x-api-key: hunter2"   | parameter "key": neither a header      | vedette.providers.other.api-key
					""")
	void isToldTheSameAboutATableThatSubmits(String right, String wrong, String what, String action) {
		String submit = SUBMIT_TABLE.replace(right, wrong);
		assertThat(submit).isNotEqualTo(SUBMIT_TABLE);
		String table = TABLE.replace("sample", "other") + submit;
		assertThatExceptionOfType(ConfigurationProblem.class).isThrownBy(() -> read(table)).satisfies((problem) -> {
			assertThat(problem).hasMessageStartingWith("route \"submit-oth")
				.hasMessageContaining(what)
				.message()
				.doesNotContain("hunter2");
			assertThat(problem.action()).contains(action).doesNotContain("hunter2");
		});
	}

	@Test
	void takesATableThatSubmits() throws Exception {
		read(TABLE.replace("sample", "other") + SUBMIT_TABLE);
	}

	@Test
	void takesAWordTwiceThatMeansTheSame() throws Exception {
		read(TABLE.replace("pending: running", "pending: running, Running, running"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '~', textBlock = """
			.faces                                       ~ https://a.example/0 https://a.example/1
			.faces[]                                     ~ https://a.example/0 https://a.example/1
			.faces[0]                                    ~ https://a.example/0
			.objects[]                                   ~ https://a.example/0
			.map | to_entries[] | {id: .key, imageUrl: .value} ~ https://a.example/0 https://a.example/1
			.text | fromjson                             ~ https://a.example/0
			""")
	void findsFacesInAListAStreamAMapAValueOrATextThatIsJson(String faces, String urls) throws Exception {
		String reply = """
				{"status": "done", "faces": ["https://a.example/0", "https://a.example/1"],
				 "objects": [{"id": 1}, {"imageUrl": "https://a.example/0"}],
				 "map": {"a": "https://a.example/0", "b": "https://a.example/1"}, "text": "[\\"https://a.example/0\\"]"}""";
		Exchange exchange = ask(with("faces", faces), null, new RecordedReply(200, Map.of(), reply));
		assertThat(exchange.getMessage().getBody(JsonNode.class).path("faces").findValuesAsText("imageUrl"))
			.containsExactly(urls.split(" "));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			x-api-key: {key}                 | x-api-key     | THE-KEY
			Authorization: Bearer {key}      | Authorization | Bearer THE-KEY
			Authorization: Token {key}       | Authorization | Token THE-KEY
			Authorization: {key}             | Authorization | THE-KEY
			Ocp-Apim-Subscription-Key: {key} | Ocp-Apim-Subscription-Key | THE-KEY
			""")
	void showsTheKeyWhereTheTableSays(String key, String header, String value) throws Exception {
		assertThat(sent(TABLE.replace("x-api-key: {key}", key), null)).containsEntry(header, value)
			.containsEntry(Exchange.HTTP_QUERY, "id=a%2Fb")
			.doesNotContainKey(header.equals("Authorization") ? "x-api-key" : "Authorization");
	}

	@Test
	void showsTheKeyInTheQuery() throws Exception {
		assertThat(sent(TABLE.replace("x-api-key: {key}", "?token={key}"), null))
			.containsEntry(Exchange.HTTP_QUERY, "id=a%2Fb&token=THE-KEY")
			.doesNotContainKeys("Authorization", "x-api-key");
	}

	@ParameterizedTest
	@CsvSource({ "user:password, Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA==, Basic dXNlcjpwYXNzd29yZA==" })
	void encodesUserAndPasswordAsBasicSays(String key, String value) {
		Exchange exchange = new DefaultExchange(new DefaultCamelContext());
		TableKey.parse("Authorization: Basic {key}").show(key, exchange.getMessage());
		assertThat(exchange.getMessage().getHeaders()).isEqualTo(Map.of("Authorization", value));
	}

	@Test
	void showsATokenInsteadOfTheKeyNeverBoth() throws Exception {
		assertThat(sent(TABLE, "Bearer the-token")).containsEntry("Authorization", "Bearer the-token")
			.doesNotContainKey("x-api-key");
	}

	@Test
	void sendsTheSameHeadersAlways() throws Exception {
		assertThat(sent(with("headers", "X-Runway-Version: 2024-11-06"), null)).containsEntry("X-Runway-Version",
				"2024-11-06");
	}

	private static Map<String, Object> sent(String table, String token) throws Exception {
		Map<String, Object> headers = new HashMap<>();
		ask(table, token, (exchange) -> headers.putAll(exchange.getMessage().getHeaders()));
		return headers;
	}

	private static Exchange ask(String table, String token, Processor api) throws Exception {
		try (DefaultCamelContext camel = new DefaultCamelContext()) {
			return new TableContext(camel).withToken(token)
				.load(List.of(TableContext.TEMPLATE))
				.load("ask-sample.camel.yaml", table)
				.start()
				.ask("sample", "a/b", api);
		}
	}

	private static String with(String name, String value) {
		return TABLE + "      - name: %s%n        value: \"%s\"%n".formatted(name, value.replace("'", ""));
	}

	private static void read(String table) throws Exception {
		try (DefaultCamelContext camel = new DefaultCamelContext()) {
			new TableContext(camel).load(List.of(TableContext.TEMPLATE, TableContext.SUBMIT_TEMPLATE))
				.load("ask-sample.camel.yaml", table)
				.read();
		}
	}

}
