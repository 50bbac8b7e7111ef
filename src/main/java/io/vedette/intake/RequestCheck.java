package io.vedette.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.config.DidYouMean;
import io.vedette.delivery.Targets;
import io.vedette.job.JobRequest;
import io.vedette.provider.Providers;

import org.springframework.stereotype.Component;

/** Turns JSON objects into job requests, or says what is wrong with them. */
@Component
class RequestCheck {

	/** The members of a job request. */
	static final List<String> MEMBERS = List.of("provider", "jobId", "mediaUrl", "reference", "targets");

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

	Row check(int number, JsonNode raw) {
		try {
			return new Row(number, raw, request(raw), null);
		}
		catch (BadRequestException ex) {
			return new Row(number, raw, null, ex.getMessage());
		}
	}

	private JobRequest request(JsonNode raw) throws BadRequestException {
		if (!raw.isObject()) {
			throw new BadRequestException(
					"request: %s; expected a JSON object with provider and jobId. Write {\"provider\":\"...\",\"jobId\":\"...\"}."
						.formatted(describe(raw)));
		}
		refuseUnknown(raw);
		String provider = text(raw, "provider", 1, 100, true);
		if (!this.providers.knows(provider)) {
			throw new BadRequestException("provider %s: unknown; expected one of %s. Correct the name."
				.formatted(quote(provider), this.providers.names()));
		}
		String jobId = text(raw, "jobId", 1, LONGEST_JOB_ID, true);
		String mediaUrl = text(raw, "mediaUrl", 0, LONGEST_MEDIA_URL, false);
		String reference = text(raw, "reference", 0, LONGEST_REFERENCE, false);
		return new JobRequest(provider, jobId, mediaUrl, reference, targets(raw.path("targets")));
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
			throw new BadRequestException("%s %s: %d characters; expected %s. Send the id as the provider gave it."
				.replace("Send the id as the provider gave it",
						required ? "Send it as the provider gave it" : "Shorten it")
				.formatted(field, quote(value), length, expected));
		}
		// Free text may hold line breaks and tabs; what no database can store is refused
		// everywhere.
		if (value.codePoints().anyMatch((c) -> required ? !isPrintable(c) : !isStorable(c))) {
			throw new BadRequestException("%s %s: holds a control character; expected text of %s. Remove it."
				.formatted(field, quote(value), expected));
		}
		if (required && !value.equals(Printable.trim(value))) {
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

	private static boolean isPrintable(int c) {
		return isStorable(c) && !Character.isISOControl(c) && switch (Character.getType(c)) {
			case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.UNASSIGNED -> false;
			default -> true;
		};
	}

	private static boolean isStorable(int c) {
		return c != 0 && Character.getType(c) != Character.SURROGATE;
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
