package io.vedette.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vedette.config.Secret;
import io.vedette.config.VedetteProperties;
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
 * Lets in who may call: the bearer of {@code vedette.intake-token}, or without such a
 * token whom {@link Callers} let in; probes are for everybody. And only bodies that may
 * be a job request: JSON, of a bounded size, in a bounded time. Stands first, for other
 * filters read bodies.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class AccessFilter extends OncePerRequestFilter {

	/**
	 * An orchestrator has no token and calls from elsewhere. They show a status alone.
	 */
	private static final Set<String> PROBES = Set.of("/actuator/health/liveness", "/actuator/health/readiness");

	private final Secret token;

	private final Callers callers;

	private final Registration registration;

	private final JsonMapper json;

	AccessFilter(VedetteProperties properties, Callers callers, Registration registration, JsonMapper json) {
		this.token = properties.intakeToken();
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
		boolean probe = PROBES.contains(request.getRequestURI());
		if (!probe && this.token.isPresent() && !carriesToken(request)) {
			return Problems.answer(HttpStatus.UNAUTHORIZED, Problems.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer"),
					"Authorization: missing or wrong; expected the token of vedette.intake-token. Send Authorization: Bearer <token>.");
		}
		String refusal = (probe || this.token.isPresent()) ? null : this.callers.refusal(request);
		if (refusal != null) {
			return Problems.answer(HttpStatus.FORBIDDEN, refusal);
		}
		if (hasBody(request) && !isJson(request)) {
			return Problems.answer(HttpStatus.UNSUPPORTED_MEDIA_TYPE,
					"Content-Type: not JSON. Send Content-Type: application/json.");
		}
		boolean served = this.registration.isOpen() || request.getRequestURI().startsWith("/actuator");
		return served ? null : Problems.notServing();
	}

	private boolean carriesToken(HttpServletRequest request) {
		String header = request.getHeader(HttpHeaders.AUTHORIZATION);
		return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)
				&& MessageDigest.isEqual(header.substring(7).trim().getBytes(StandardCharsets.UTF_8),
						this.token.value().getBytes(StandardCharsets.UTF_8));
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
