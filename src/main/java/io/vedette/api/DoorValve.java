package io.vedette.api;

import java.io.IOException;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

import org.springframework.http.HttpHeaders;

/**
 * What only Tomcat can do, or does before any filter: no answer is stored or taken for
 * something else, and a connection can be left with a body unread. By itself Tomcat would
 * read that to its end, on a thread, however slowly it comes.
 */
class DoorValve extends ValveBase {

	/** A page may load what Vedette serves, and stand in no other page. */
	private static final String POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

	/** Swagger UI brings its pictures and some styles with it. */
	private static final String SWAGGER_POLICY = POLICY + "; img-src 'self' data:; style-src 'self' 'unsafe-inline'";

	private static final String LEAVE = DoorValve.class.getName() + ".LEAVE";

	private static final String HANG_UP = DoorValve.class.getName() + ".HANG_UP";

	DoorValve() {
		super(true);
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		response.setHeader("X-Content-Type-Options", "nosniff");
		response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
		// No page elsewhere learns of ids; with "no-referrer" a form would have no
		// origin.
		response.setHeader("Referrer-Policy", "same-origin");
		response.setHeader("Content-Security-Policy", isSwagger(request.getRequestURI()) ? SWAGGER_POLICY : POLICY);
		Runnable leave = () -> request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
		request.setAttribute(LEAVE, leave);
		Runnable hangUp = () -> request.getCoyoteRequest().action(ActionCode.CLOSE_NOW, null);
		request.setAttribute(HANG_UP, hangUp);
		getNext().invoke(request, response);
	}

	/** A head that can't be read has no URI. */
	private static boolean isSwagger(String uri) {
		return uri != null && uri.startsWith("/swagger-ui/");
	}

	/** Closes the connection at once, whatever is still to be written. */
	static void hangUp(ServletRequest request) {
		((Runnable) request.getAttribute(HANG_UP)).run();
	}

	/** Has the connection closed after the answer, whatever is still to be read. */
	static void leaveUnread(HttpServletRequest request) {
		((Runnable) request.getAttribute(LEAVE)).run();
	}

}
