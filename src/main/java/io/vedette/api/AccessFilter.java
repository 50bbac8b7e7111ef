package io.vedette.api;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets in who may call: the bearer of one of the {@link Tokens}, or where there are none
 * whom {@link Callers} let in; probes are for everybody. And only bodies that may be a
 * job request: JSON, of a bounded size, in a bounded time. Stands first, for other
 * filters read bodies.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class AccessFilter extends OncePerRequestFilter {

	/**
	 * An orchestrator has no token and calls from elsewhere. They show a status alone.
	 */
	private static final Set<String> PROBES = Set.of("/actuator/health/liveness", "/actuator/health/readiness");

	/**
	 * What anybody can read in the jar: a receiver looks up the schema that an event
	 * names. Whole addresses, for nothing else may look like one of them.
	 */
	private static final Pattern PUBLIC = Pattern.compile("/schemas/[a-z.]+\\.json|/v3/api-docs");

	/** What a browser loads before somebody has logged in: it tells nothing. */
	private static final Set<String> BEFORE_LOGIN = Set.of("/login", "/logout", "/page.css", "/page.js", "/vedette.svg",
			"/webjars/htmx.org/dist/htmx.min.js", "/webjars/picocss__pico/css/pico.fluid.classless.min.css");

	private static final Pattern CLIMBS = Pattern.compile("/\\.\\.([/;]|$)");

	private final Tokens tokens;

	private final Sessions sessions;

	private final Callers callers;

	private final Registration registration;

	private final JsonMapper json;

	AccessFilter(Tokens tokens, Sessions sessions, Callers callers, Registration registration, JsonMapper json) {
		this.tokens = tokens;
		this.sessions = sessions;
		this.callers = callers;
		this.registration = registration;
		this.json = json;
	}

	/** It comes back here once its body is read. */
	@Override
	protected boolean shouldNotFilterAsyncDispatch() {
		return false;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (request.getDispatcherType() == DispatcherType.ASYNC) {
			chain.doFilter(ReadRequest.of(request), response);
			return;
		}
		ResponseEntity<Object> refusal = refusal(request);
		if (hasBody(request)) {
			new BodyReader(request, response, this::refuse).read(refusal);
		}
		else if (refusal != null) {
			refuse(response, refusal);
		}
		else {
			chain.doFilter(request, response);
		}
	}

	private ResponseEntity<Object> refusal(HttpServletRequest request) {
		ResponseEntity<Object> stranger = isForAll(request.getRequestURI()) ? null : stranger(request);
		if (stranger != null) {
			return stranger;
		}
		if (hasBody(request) && !isJson(request) && !(isOfPage(request) && Forms.isForm(request))) {
			return Problems.answer(HttpStatus.UNSUPPORTED_MEDIA_TYPE,
					"Content-Type: not JSON. Send Content-Type: application/json.");
		}
		boolean served = this.registration.isOpen() || request.getRequestURI().startsWith("/actuator");
		return served ? null : Problems.notServing();
	}

	private static boolean isForAll(String path) {
		return PROBES.contains(path) || PUBLIC.matcher(path).matches();
	}

	/** The answer to a caller who is not let in, or may not do what he asks for. */
	private ResponseEntity<Object> stranger(HttpServletRequest request) {
		String refusal = this.tokens.areSet() ? null : this.callers.refusal(request);
		if (refusal != null) {
			return Problems.answer(HttpStatus.FORBIDDEN, refusal);
		}
		if (isOfPage(request) && Callers.isOfForeignPage(request) && !Caller.isLook(request.getMethod())) {
			return Problems.answer(HttpStatus.FORBIDDEN, Callers.FOREIGN);
		}
		if (BEFORE_LOGIN.contains(request.getRequestURI())) {
			return null;
		}
		Caller caller = caller(request).orElse(null);
		if (caller == null && isNavigation(request)) {
			return Problems.answer(HttpStatus.SEE_OTHER, Problems.header(HttpHeaders.LOCATION, "/login"),
					"Log in first.");
		}
		if (caller == null) {
			return Problems.answer(HttpStatus.UNAUTHORIZED, Problems.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer"),
					"Authorization: missing or wrong; expected a token of vedette.intake-token or vedette.intake-tokens. Send Authorization: Bearer <token>.");
		}
		if (!caller.may(request.getMethod())) {
			return Problems.answer(HttpStatus.FORBIDDEN,
					"Authorization: the token \"%s\" has the role read; this call wants operate. Use another token, or set vedette.intake-tokens.%1$s.role."
						.formatted(caller.name()));
		}
		request.setAttribute(Caller.ATTRIBUTE, caller);
		return null;
	}

	/** A session counts at the page alone: whoever calls the API has a token. */
	private Optional<Caller> caller(HttpServletRequest request) {
		if (!this.tokens.areSet()) {
			return Optional.of(Caller.LOOPBACK);
		}
		return this.tokens.caller(request)
			.or(() -> isOfPage(request) ? this.sessions.caller(request) : Optional.empty());
	}

	/** Of a path that climbs up again it is not asked what it would come to. */
	private static boolean isOfPage(HttpServletRequest request) {
		String path = request.getRequestURI();
		return Set.of("/", "/login", "/logout").contains(path)
				|| path.startsWith("/page/") && !CLIMBS.matcher(path).find();
	}

	/** Whether a person has opened the page, and not a script of it asks for a part. */
	private static boolean isNavigation(HttpServletRequest request) {
		String accepted = request.getHeader(HttpHeaders.ACCEPT);
		return isOfPage(request) && Caller.isLook(request.getMethod()) && accepted != null
				&& accepted.contains("text/html") && request.getHeader("HX-Request") == null;
	}

	private static boolean hasBody(HttpServletRequest request) {
		return request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
	}

	/** A form or plain text could come from any web page that is open on this machine. */
	private static boolean isJson(HttpServletRequest request) {
		try {
			String subtype = MediaType.parseMediaType(request.getContentType()).getSubtype();
			return subtype.equals("json") || subtype.endsWith("+json");
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

	/** The connection ends with a refusal: a caller who is not served keeps none open. */
	private void refuse(HttpServletResponse response, ResponseEntity<Object> refusal) throws IOException {
		byte[] problem = this.json.writeValueAsBytes(refusal.getBody());
		response.setStatus(refusal.getStatusCode().value());
		refusal.getHeaders().forEach((name, values) -> response.setHeader(name, values.get(0)));
		response.setHeader(HttpHeaders.CONNECTION, "close");
		response.setContentLength(problem.length);
		response.getOutputStream().write(problem);
		response.flushBuffer();
	}

}
