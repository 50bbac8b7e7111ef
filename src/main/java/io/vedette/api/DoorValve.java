package io.vedette.api;

import java.io.IOException;

import jakarta.servlet.ServletException;
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

	private static final String LEAVE = DoorValve.class.getName() + ".LEAVE";

	DoorValve() {
		super(true);
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		response.setHeader("X-Content-Type-Options", "nosniff");
		response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
		Runnable leave = () -> request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
		request.setAttribute(LEAVE, leave);
		getNext().invoke(request, response);
	}

	/** Has the connection closed after the answer, whatever is still to be read. */
	static void leaveUnread(HttpServletRequest request) {
		((Runnable) request.getAttribute(LEAVE)).run();
	}

}
