package io.vedette.api;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vedette.config.Secret;
import io.vedette.config.VedetteProperties;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets in who may call: the bearer of {@code vedette.intake-token}, or without such a
 * token only callers on this machine. And only bodies that may be a job request: JSON, of
 * a bounded size.
 */
@Component
class AccessFilter extends OncePerRequestFilter {

	private static final DataSize LARGEST_BODY = DataSize.ofMegabytes(16);

	private static final Set<String> METHODS_WITH_BODY = Set.of("POST", "PUT", "PATCH");

	private final Secret token;

	private final CamelContext camel;

	private final ObjectMapper json;

	AccessFilter(VedetteProperties properties, CamelContext camel, ObjectMapper json) {
		this.camel = camel;
		this.token = properties.intakeToken();
		this.json = json;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (this.token.isPresent() && !carriesToken(request)) {
			response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
			refuse(response, HttpStatus.UNAUTHORIZED,
					"Authorization: missing or wrong; expected the token of vedette.intake-token. Send Authorization: Bearer <token>.");
		}
		else if (!this.token.isPresent() && !isLocal(request)) {
			refuse(response, HttpStatus.FORBIDDEN,
					"Only callers on this machine are served. Set vedette.intake-token to let others in.");
		}
		else if (METHODS_WITH_BODY.contains(request.getMethod()) && !isJson(request)) {
			refuse(response, HttpStatus.UNSUPPORTED_MEDIA_TYPE,
					"Content-Type: not JSON. Send Content-Type: application/json.");
		}
		else if (!isServing() && !request.getRequestURI().startsWith("/actuator")) {
			response.setHeader(HttpHeaders.RETRY_AFTER, "5");
			refuse(response, HttpStatus.SERVICE_UNAVAILABLE, "Vedette is starting or stopping. Send it again later.");
		}
		else if (METHODS_WITH_BODY.contains(request.getMethod())) {
			filterBody(request, response, chain);
		}
		else {
			chain.doFilter(request, response);
		}
	}

	/**
	 * Camel calls itself started before its routes are: for a moment every path would be
	 * unknown. Not all routes count, for one may wait long for a broker that is silent.
	 */
	private boolean isServing() {
		return this.camel.isStarted() && ((ModelCamelContext) this.camel).getRouteDefinitions()
			.stream()
			.filter((route) -> Boolean.TRUE.equals(route.isRest()))
			.map((route) -> this.camel.getRouteController().getRouteStatus(route.getId()))
			.allMatch((status) -> status != null && status.isStarted());
	}

	private void filterBody(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		int largest = (int) LARGEST_BODY.toBytes();
		byte[] body = (request.getContentLengthLong() > largest) ? null
				: request.getInputStream().readNBytes(largest + 1);
		if (body == null || body.length > largest) {
			refuse(response, HttpStatus.PAYLOAD_TOO_LARGE,
					"body: longer than %d bytes. Send it in parts, or put it into the inbox as a file."
						.formatted(largest));
			return;
		}
		chain.doFilter(new ReadRequest(request, body), response);
	}

	private boolean carriesToken(HttpServletRequest request) {
		String header = request.getHeader(HttpHeaders.AUTHORIZATION);
		return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)
				&& MessageDigest.isEqual(header.substring(7).trim().getBytes(StandardCharsets.UTF_8),
						this.token.value().getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Behind a proxy on this machine everybody looks local, so what a proxy has forwarded
	 * is not.
	 */
	private static boolean isLocal(HttpServletRequest request) throws IOException {
		return InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress()
				&& request.getHeader("X-Forwarded-For") == null && request.getHeader("Forwarded") == null;
	}

	/** A form or plain text could come from any web page that is open on this machine. */
	private static boolean isJson(HttpServletRequest request) {
		if (request.getContentType() == null) {
			return true;
		}
		try {
			String subtype = MediaType.parseMediaType(request.getContentType()).getSubtype();
			return subtype.equals("json") || subtype.endsWith("+json");
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

	private void refuse(HttpServletResponse response, HttpStatus status, String detail) throws IOException {
		response.setStatus(status.value());
		response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
		this.json.writeValue(response.getOutputStream(), Problems.of(status, detail));
	}

}
