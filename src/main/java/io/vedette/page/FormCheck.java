package io.vedette.page;

import io.vedette.api.Sessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.HandlerInterceptor;

/** Lets an act pass only if its form is of the caller's own session. */
class FormCheck implements HandlerInterceptor {

	/** The field that says so. */
	static final String FIELD = "form-token";

	private final ObjectProvider<Sessions> sessions;

	FormCheck(ObjectProvider<Sessions> sessions) {
		this.sessions = sessions;
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		if (HttpMethod.POST.matches(request.getMethod())
				&& !this.sessions.getObject().isOwn(request.getParameter(FIELD), request)) {
			throw new ResponseStatusException(HttpStatus.FORBIDDEN,
					"form: not of this session, or older than the last start. Load the page again, and then send it.");
		}
		return true;
	}

}
