package io.vedette.intake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.config.DidYouMean;
import io.vedette.config.VedetteProperties;
import io.vedette.delivery.Targets;
import io.vedette.egress.MediaUrl;
import io.vedette.job.JobRequest;
import io.vedette.job.MediaKind;
import io.vedette.provider.Providers;
import io.vedette.text.ForeignText;

import org.springframework.stereotype.Component;

/** Turns JSON objects into job requests, or says what is wrong with them. */
@Component
class RequestCheck {

	static final String REQUEST_ID = "requestId";

	private static final String MEDIA_URL = "mediaUrl";

	/** The members of a job request. */
	static final List<String> MEMBERS = List.of("provider", "jobId", MEDIA_URL, "reference", "targets",
			TraceParent.NAME, "account", "mediaKind", "priority", "batch", "batchSize", REQUEST_ID);

	private static final List<String> MEDIA_KINDS = Arrays.stream(MediaKind.values()).map(MediaKind::label).toList();

	private static final int LONGEST_JOB_ID = 200;

	private static final int LONGEST_REFERENCE = 256;

	private static final int LONGEST_MEDIA_URL = 8192;

	private static final int LONGEST_QUOTE = 60;

	private final Providers providers;

	private final Targets targets;

	RequestCheck(Providers providers, Targets targets) {
		this.providers = providers;
		this.targets = targets;
	}

	/**
	 * Checks one request.
	 * @param origin says what it does not say itself
	 */
	Row check(int number, JsonNode raw, Origin origin) {
		try {
			return new Row(number, raw, request(number, raw, origin), null);
		}
		catch (BadRequestException ex) {
			return new Row(number, raw, null, ex.getMessage());
		}
	}

	private JobRequest request(int number, JsonNode raw, Origin origin) throws BadRequestException {
		if (!raw.isObject()) {
			throw new BadRequestException(
					"request: %s; expected a JSON object with provider and jobId or mediaUrl. Write {\"provider\":\"...\",\"jobId\":\"...\"}."
						.formatted(describe(raw)));
		}
		refuseUnknown(raw);
		String provider = text(raw, "provider", 1, 100, true);
		if (!this.providers.knows(provider)) {
			throw new BadRequestException("provider %s: unknown; expected one of %s. Correct the name."
				.formatted(quote(provider), this.providers.names()));
		}
		boolean submits = !raw.hasNonNull("jobId") && raw.hasNonNull(MEDIA_URL);
		String jobId = submits ? null : jobId(raw);
		String mediaUrl = text(raw, MEDIA_URL, 0, LONGEST_MEDIA_URL, false);
		String reference = text(raw, "reference", 0, LONGEST_REFERENCE, false);
		if (!submits && raw.hasNonNull(REQUEST_ID)) {
			throw new BadRequestException(
					"requestId: beside a jobId; expected one of the two, for a jobId says that the media was submitted already. Leave one out.");
		}
		String own = TraceParent.of(raw.path(TraceParent.NAME).textValue());
		return new JobRequest(provider, jobId, mediaUrl, reference, targets(raw.path("targets")),
				origin.in(own).trace(), account(raw, provider), mediaKind(raw.path("mediaKind"), mediaUrl),
				priority(raw.path("priority")), batch(raw.path("batch")), batchSize(raw),
				submits ? requestId(number, raw, provider, mediaUrl, origin) : null);
	}

	private String account(JsonNode raw, String provider) throws BadRequestException {
		String name = text(raw, "account", 1, 100, false);
		if (name == null) {
			return VedetteProperties.Account.DEFAULT;
		}
		List<String> known = this.providers.get(provider).accountNames();
		if (!known.contains(name)) {
			throw new BadRequestException(
					"account %s: not configured for %s; expected one of %s. %sCorrect the name, or add vedette.providers.%2$s.accounts.<name>."
						.formatted(quote(name), provider, known, DidYouMean.of(name, known)));
		}
		return name;
	}

	private static Integer priority(JsonNode node) throws BadRequestException {
		if (node.isMissingNode() || node.isNull()) {
			return null;
		}
		if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 1 || node.intValue() > 9) {
			throw new BadRequestException(
					"priority %s: no whole number from 1 to 9; expected one, 9 for the most urgent. Correct it, or leave it out for 5."
						.formatted(node.isTextual() ? quote(node.textValue())
								: node.isNumber() ? quote(node.asText()) : describe(node)));
		}
		return node.intValue();
	}

	/** As told, else as the URL ends. */
	private static MediaKind mediaKind(JsonNode node, String mediaUrl) throws BadRequestException {
		if (node.isMissingNode() || node.isNull()) {
			return MediaKind.of(mediaUrl);
		}
		String label = node.asText();
		return MediaKind.labelled(label)
			.filter((kind) -> node.isTextual())
			.orElseThrow(() -> new BadRequestException(
					"mediaKind %s: unknown; expected one of %s. %sCorrect it, or leave it out: then mediaUrl tells by its ending."
						.formatted(node.isTextual() ? quote(label) : describe(node), MEDIA_KINDS,
								DidYouMean.of(label, MEDIA_KINDS))));
	}

	private static String batch(JsonNode node) throws BadRequestException {
		if (node.isMissingNode() || node.isNull()) {
			return null;
		}
		String problem = node.isTextual() ? BatchName.problem(node.textValue()) : describe(node);
		if (problem != null) {
			throw new BadRequestException(
					"batch: %s; expected %s. Correct it, or leave it out.".formatted(problem, BatchName.EXPECTED));
		}
		return node.textValue();
	}

	private static Long batchSize(JsonNode raw) throws BadRequestException {
		JsonNode node = raw.path("batchSize");
		if (node.isMissingNode() || node.isNull()) {
			return null;
		}
		if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 1) {
			throw new BadRequestException("batchSize: %s; expected a whole number from 1. Correct it, or leave it out."
				.formatted(node.isNumber() ? node.asText() : describe(node)));
		}
		if (!raw.hasNonNull("batch")) {
			throw new BadRequestException(
					"batchSize: without a batch; expected the batch that is to have so many jobs. Add batch.");
		}
		return node.longValue();
	}

	private String jobId(JsonNode raw) throws BadRequestException {
		if (!raw.hasNonNull("jobId")) {
			throw new BadRequestException(
					"jobId: missing; expected text of 1-%d printable characters, or a mediaUrl to submit. Add one of them."
						.formatted(LONGEST_JOB_ID));
		}
		return text(raw, "jobId", 1, LONGEST_JOB_ID, true);
	}

	/** Whether the media can be submitted, and what names that request. */
	private String requestId(int number, JsonNode raw, String provider, String mediaUrl, Origin origin)
			throws BadRequestException {
		if (!this.providers.canSubmit(provider)) {
			throw new BadRequestException(
					"jobId: missing; media can't be submitted to provider %s, for there is no route %s%s. Submit it yourself and send the jobId, or add the route."
						.formatted(quote(provider), Providers.SUBMIT_PREFIX, provider));
		}
		String problem = MediaUrl.problem(mediaUrl);
		if (problem != null) {
			throw new BadRequestException(
					"mediaUrl: %s. Correct it, or send a jobId if the media was submitted already.".formatted(problem));
		}
		String given = raw.hasNonNull(REQUEST_ID) ? text(raw, REQUEST_ID, 1, LONGEST_JOB_ID, true) : origin.key();
		if (origin.key() != null && !origin.key().equals(given)) {
			throw new BadRequestException(
					"requestId %s: another one than Idempotency-Key; expected the same, or one of the two. Leave one out."
						.formatted(quote(given)));
		}
		return (given != null) ? given : origin.requestId(number);
	}

	/** What was misspelt would silently be left out. */
	private static void refuseUnknown(JsonNode raw) throws BadRequestException {
		for (Map.Entry<String, JsonNode> member : raw.properties()) {
			if (!MEMBERS.contains(member.getKey())) {
				throw new BadRequestException("%s: unknown; expected some of %s. %sCorrect or remove it."
					.formatted(quote(member.getKey()), MEMBERS, DidYouMean.of(member.getKey(), MEMBERS)));
			}
		}
	}

	private String text(JsonNode raw, String field, int shortest, int longest, boolean required)
			throws BadRequestException {
		JsonNode node = raw.path(field);
		String expected = "%d-%d %scharacters".formatted(shortest, longest, required ? "printable " : "");
		if (node.isMissingNode() || node.isNull()) {
			if (required) {
				throw new BadRequestException("%s: missing; expected text of %s. Add it.".formatted(field, expected));
			}
			return null;
		}
		if (!node.isTextual()) {
			throw new BadRequestException("%s: %s; expected text of %s. Write it in double quotes.".formatted(field,
					describe(node), expected));
		}
		String value = node.textValue();
		int length = value.codePointCount(0, value.length());
		if (length < shortest || length > longest) {
			throw new BadRequestException("%s: %d characters; expected %s. Send the id as the provider gave it."
				.replace("Send the id as the provider gave it",
						required ? "Send it as the provider gave it" : "Shorten it")
				.formatted(named(field, value), length, expected));
		}
		// Free text may hold line breaks and tabs; what no database can store is refused
		// everywhere.
		if (value.codePoints().anyMatch((c) -> required ? !isPrintable(c) : !isStorable(c))) {
			throw new BadRequestException("%s: holds a control character; expected text of %s. Remove it."
				.formatted(named(field, value), expected));
		}
		if (required && !value.equals(ForeignText.trimmed(value))) {
			throw new BadRequestException(
					"%s %s: begins or ends with a blank; expected it as the provider gave it. Remove it."
						.formatted(field, quote(value)));
		}
		return value;
	}

	private List<String> targets(JsonNode node) throws BadRequestException {
		if (node.isMissingNode() || node.isNull()) {
			return null;
		}
		List<String> names = new ArrayList<>();
		for (JsonNode name : node) {
			if (!name.isTextual() || !this.targets.names().contains(name.textValue())) {
				throw new BadRequestException(
						"targets %s: not configured; expected some of %s. Correct the name, or add vedette.targets.<name>."
							.formatted(name.isTextual() ? quote(name.textValue()) : describe(name),
									this.targets.names()));
			}
			names.add(name.textValue());
		}
		if (!node.isArray() || names.isEmpty()) {
			throw new BadRequestException("targets: %s; expected an array of some of %s. Leave it out for all of them."
				.formatted(describe(node), this.targets.names()));
		}
		return names;
	}

	static boolean isPrintable(int c) {
		return isStorable(c) && !Character.isISOControl(c) && switch (Character.getType(c)) {
			case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.UNASSIGNED -> false;
			default -> true;
		};
	}

	private static boolean isStorable(int c) {
		return c != 0 && Character.getType(c) != Character.SURROGATE;
	}

	/** What is wrong is logged too, and a URL may hold a password or show a face. */
	private static String named(String field, String value) {
		return field.equals(MEDIA_URL) ? field : field + " " + quote(value);
	}

	private static String quote(String value) {
		String printable = value.codePoints()
			.limit(LONGEST_QUOTE)
			.map((c) -> isPrintable(c) ? c : '?')
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
		return '"' + printable + (value.codePointCount(0, value.length()) > LONGEST_QUOTE ? "..." : "") + '"';
	}

	private static String describe(JsonNode node) {
		return switch (node.getNodeType()) {
			case ARRAY -> node.isEmpty() ? "an empty array" : "an array";
			case OBJECT, POJO -> "an object";
			case NULL, MISSING -> "null";
			case BOOLEAN -> "true or false";
			case NUMBER -> "a number";
			case STRING, BINARY -> node.textValue().isEmpty() ? "empty text" : "text";
		};
	}

	private static final class BadRequestException extends Exception {

		BadRequestException(String message) {
			super(message);
		}

	}

}
