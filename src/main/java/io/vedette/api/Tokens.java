package io.vedette.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import io.vedette.config.ConfigurationProblem;
import io.vedette.config.VedetteProperties;
import io.vedette.config.VedetteProperties.IntakeToken;
import io.vedette.config.VedetteProperties.Role;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/**
 * The bearer tokens that are let in: {@code vedette.intake-token}, and those with names
 * and roles.
 */
@Component
class Tokens {

	/** What the audit calls the token that has no name. */
	private static final String MAIN = "intake-token";

	private final Map<String, IntakeToken> tokens = new LinkedHashMap<>();

	/**
	 * @throws ConfigurationProblem if two would have one name
	 */
	Tokens(VedetteProperties properties) {
		if (properties.intakeTokens().containsKey(MAIN)) {
			throw new ConfigurationProblem(
					"\"vedette.intake-tokens.%s\": the name of vedette.intake-token; expected another one."
						.formatted(MAIN),
					"Give the token another name: the audit shows it.");
		}
		if (properties.intakeToken().isPresent()) {
			this.tokens.put(MAIN, new IntakeToken(properties.intakeToken(), Role.OPERATE));
		}
		this.tokens.putAll(properties.intakeTokens());
	}

	/** Whether there are any: else who calls from this machine is let in. */
	boolean areSet() {
		return !this.tokens.isEmpty();
	}

	/** Who carries one of them, if somebody does. */
	Optional<Caller> caller(HttpServletRequest request) {
		String header = request.getHeader(HttpHeaders.AUTHORIZATION);
		if (header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)) {
			return Optional.empty();
		}
		return bearer(header.substring(7).trim());
	}

	/** Who a token belongs to, if it is one of them. */
	Optional<Caller> bearer(String token) {
		byte[] given = token.getBytes(StandardCharsets.UTF_8);
		return this.tokens.entrySet()
			.stream()
			.filter((entry) -> MessageDigest.isEqual(given,
					entry.getValue().token().value().getBytes(StandardCharsets.UTF_8)))
			.map((entry) -> new Caller(entry.getKey(), entry.getValue().role()))
			.findFirst();
	}

	/** The token of that name, if there is one. */
	Optional<IntakeToken> find(String name) {
		return Optional.ofNullable(this.tokens.get(name));
	}

}
