package io.vedette.api;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/**
 * Who may call where there is no token: somebody on this machine, and no web page but one
 * of Vedette's own. A page anywhere may send requests to this machine, and a name of its
 * own may lead here (DNS rebinding); the browser tells both by the headers.
 */
@Component
class Callers {

	/** What a browser says of a request that no other page has caused. */
	private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

	static final String FOREIGN = "Origin: another web page; only Vedette's own may call it.";

	private final Set<String> hosts;

	Callers(@Value("${server.address:}") String address) {
		this.hosts = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
		if (!address.isBlank()) {
			this.hosts.add(address.toLowerCase(Locale.ROOT));
			this.hosts.add("[" + address.toLowerCase(Locale.ROOT) + "]");
		}
	}

	/** Why the caller is not served, or null. */
	String refusal(HttpServletRequest request) {
		if (!isLoopback(request.getRemoteAddr()) || isForwarded(request)) {
			return "Only callers on this machine are served. Set vedette.intake-token to let others in.";
		}
		String host = request.getHeader(HttpHeaders.HOST);
		if (host == null || !this.hosts.contains(name(host))) {
			return "Host: not a name of this machine; expected localhost, 127.0.0.1, [::1] or server.address. "
					+ "Call it by that, or set vedette.intake-token.";
		}
		if (isForeign(request, host)) {
			return FOREIGN + " Set vedette.intake-token to let others in.";
		}
		return null;
	}

	/**
	 * Behind a proxy on this machine everybody looks local, so what a proxy has forwarded
	 * is not.
	 */
	private static boolean isForwarded(HttpServletRequest request) {
		List<String> names = Collections.list(request.getHeaderNames());
		return names.stream()
			.map((name) -> name.toLowerCase(Locale.ROOT))
			.anyMatch((name) -> name.startsWith("x-forwarded-")
					|| Set.of("forwarded", "via", "x-real-ip").contains(name));
	}

	/**
	 * Whether the browser says that the page of somebody else has caused the request. A
	 * proxy may have taken it by another scheme.
	 */
	static boolean isOfForeignPage(HttpServletRequest request) {
		String site = request.getHeader("Sec-Fetch-Site");
		String origin = request.getHeader(HttpHeaders.ORIGIN);
		return (site != null) ? !OWN_SITE.contains(site) : origin != null
				&& !origin.replaceFirst("^https?://", "").equalsIgnoreCase(request.getHeader(HttpHeaders.HOST));
	}

	private static boolean isForeign(HttpServletRequest request, String host) {
		String site = request.getHeader("Sec-Fetch-Site");
		String origin = request.getHeader(HttpHeaders.ORIGIN);
		return (site != null && !OWN_SITE.contains(site))
				|| (origin != null && !origin.equalsIgnoreCase(request.getScheme() + "://" + host));
	}

	private static boolean isLoopback(String address) {
		try {
			return InetAddress.getByName(address).isLoopbackAddress();
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

	/** The host without the port. */
	private static String name(String host) {
		return host.replaceFirst(":\\d*$", "").toLowerCase(Locale.ROOT);
	}

}
