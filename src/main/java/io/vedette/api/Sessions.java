package io.vedette.api;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.vedette.config.VedetteProperties.IntakeToken;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;

/**
 * Who has logged in at the page. A session is a cookie that no page script can read: the
 * name of the token, until when it counts, and a signature whose key is made of the
 * token. So it is remembered nowhere, counts at each node of these tokens and after a
 * restart, and ends with its token.
 */
@Component
public class Sessions {

	static final String COOKIE = "vedette-session";

	private static final Duration LENGTH = Duration.ofHours(12);

	private static final String ALGORITHM = "HmacSHA256";

	private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

	private final Tokens tokens;

	private final Clock clock;

	/** Where there is no token: signs the forms of this run. */
	private final byte[] ownKey = random(32);

	Sessions(Tokens tokens, Clock clock) {
		this.tokens = tokens;
		this.clock = clock;
	}

	/** Whether somebody has to log in: else who calls from this machine is let in. */
	public boolean areWanted() {
		return this.tokens.areSet();
	}

	/** The cookie of a session for whoever has this token, if it is one. */
	public Optional<String> open(String token, HttpServletRequest request) {
		return this.tokens.bearer(token).map((caller) -> {
			String text = BASE64.encodeToString(caller.name().getBytes(StandardCharsets.UTF_8)) + "."
					+ this.clock.instant().plus(LENGTH).getEpochSecond() + "." + BASE64.encodeToString(random(9));
			return cookie(text + "." + sign(key(caller.name()), "session", text), LENGTH, request);
		});
	}

	/** The cookie that ends a session. */
	public String end(HttpServletRequest request) {
		return cookie("", Duration.ZERO, request);
	}

	/** A proxy may have taken the call by https. */
	private static String cookie(String value, Duration age, HttpServletRequest request) {
		String origin = request.getHeader(HttpHeaders.ORIGIN);
		return ResponseCookie.from(COOKIE, value)
			.httpOnly(true)
			.sameSite("Strict")
			.secure(request.isSecure() || origin != null && origin.startsWith("https://"))
			.path("/")
			.maxAge(age)
			.build()
			.toString();
	}

	/** Who has opened the session that a request bears, if it still counts. */
	Optional<Caller> caller(HttpServletRequest request) {
		String session = session(request);
		String[] parts = session.split("\\.");
		if (parts.length != 4 || !parts[1].matches("\\d{1,12}")
				|| this.clock.instant().isAfter(Instant.ofEpochSecond(Long.parseLong(parts[1])))) {
			return Optional.empty();
		}
		String signed = session.substring(0, session.lastIndexOf('.'));
		return name(parts[0]).flatMap((name) -> this.tokens.find(name)
			.filter((token) -> isSame(sign(key(name), "session", signed), parts[3]))
			.map((token) -> new Caller(name, token.role())));
	}

	private static Optional<String> name(String text) {
		try {
			return Optional.of(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
		}
		catch (IllegalArgumentException ex) {
			return Optional.empty();
		}
	}

	/** What each form of this session bears, and no other page can know. */
	public String formToken(HttpServletRequest request) {
		return this.tokens.areSet() ? sign(key(Caller.of(request).name()), "form", session(request))
				: sign(this.ownKey, "form", "");
	}

	/** Whether a form is of this session. */
	public boolean isOwn(String formToken, HttpServletRequest request) {
		boolean any = !this.tokens.areSet() || !session(request).isEmpty();
		return any && formToken != null && isSame(formToken(request), formToken);
	}

	private static String session(HttpServletRequest request) {
		return Stream.of(Optional.ofNullable(request.getCookies()).orElse(new Cookie[0]))
			.filter((cookie) -> cookie.getName().equals(COOKIE))
			.map(Cookie::getValue)
			.findFirst()
			.orElse("");
	}

	private byte[] key(String name) {
		return this.tokens.find(name).map(IntakeToken::token).orElseThrow().value().getBytes(StandardCharsets.UTF_8);
	}

	private static String sign(byte[] key, String purpose, String text) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(new SecretKeySpec(key, ALGORITHM));
			return BASE64.encodeToString(mac.doFinal((purpose + "\n" + text).getBytes(StandardCharsets.UTF_8)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(
					"sessions: the JDK has no %s; expected it in every one.".formatted(ALGORITHM), ex);
		}
	}

	private static boolean isSame(String one, String other) {
		return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
	}

	private static byte[] random(int length) {
		byte[] bytes = new byte[length];
		new SecureRandom().nextBytes(bytes);
		return bytes;
	}

}
