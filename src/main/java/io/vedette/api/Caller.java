package io.vedette.api;

import java.util.Set;

import io.vedette.config.VedetteProperties.Role;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * Who calls, once he is let in.
 *
 * @param name of his token, or where there are no tokens, loopback
 */
public record Caller(String name, Role role) {

	static final Caller LOOPBACK = new Caller("loopback", Role.OPERATE);

	/** The attribute of the request that holds him. */
	static final String ATTRIBUTE = Caller.class.getName();

	private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

	/** Whether he may send a request of this method. */
	boolean may(String method) {
		return this.role == Role.OPERATE || isLook(method);
	}

	/** Whether a request of this method changes nothing. */
	static boolean isLook(String method) {
		return READING.contains(method);
	}

	/** Whether he may do more than look. */
	public boolean mayAct() {
		return this.role == Role.OPERATE;
	}

	/** Whose request this is; somebody who is let in. */
	public static Caller of(HttpServletRequest request) {
		return (Caller) request.getAttribute(ATTRIBUTE);
	}

	/** Name of the caller whose request this thread answers. */
	static String current() {
		return ((Caller) RequestContextHolder.currentRequestAttributes()
			.getAttribute(ATTRIBUTE, RequestAttributes.SCOPE_REQUEST)).name();
	}

}
