package io.vedette.egress;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

import io.vedette.http.ExactUrl;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.protocol.RedirectStrategy;
import org.apache.hc.client5.http.utils.URIUtils;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Follows a picture's link to where it is kept: up to three redirects, each to a URL that
 * could have been the picture's own, and none from https to http. The guard also looks at
 * the address behind each.
 */
final class PictureRedirects implements RedirectStrategy {

	private static final int MAX_HOPS = 3;

	private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

	private final EgressGuard guard;

	PictureRedirects(EgressGuard guard) {
		this.guard = guard;
	}

	@Override
	public boolean isRedirected(HttpRequest request, HttpResponse response, HttpContext context) {
		return STATUSES.contains(response.getCode()) && response.containsHeader(HttpHeaders.LOCATION);
	}

	@Override
	public URI getLocationURI(HttpRequest request, HttpResponse response, HttpContext context) throws HttpException {
		try {
			if (HttpClientContext.cast(context).getRedirectLocations().size() >= MAX_HOPS) {
				throw EgressRefusedException.url("more than %d redirects; expected at most that.".formatted(MAX_HOPS));
			}
			Header location = response.getFirstHeader(HttpHeaders.LOCATION);
			URI from = request.getUri();
			URI to = URI.create(this.guard.check(absolute(from, location.getValue())));
			if (from.getScheme().equals("https") && to.getScheme().equals("http")) {
				throw EgressRefusedException.url("redirected from https to http; expected https to stay.");
			}
			if (to.equals(from) || HttpClientContext.cast(context).getRedirectLocations().contains(to)) {
				// HttpClient's own message would show the URL.
				throw EgressRefusedException.url("redirected in a circle; expected an end.");
			}
			return to;
		}
		catch (EgressRefusedException | URISyntaxException ex) {
			throw new ProtocolException("picture redirect", ex);
		}
	}

	/** What has a scheme is taken as it is: even if wrong, it is no path. */
	private static String absolute(URI from, String location) {
		String reference = location.strip();
		if (reference.matches("(?s)[A-Za-z][A-Za-z0-9+.-]*:.*")) {
			return reference;
		}
		if (reference.startsWith("//")) {
			return from.getScheme() + ":" + reference;
		}
		String root = from.getScheme() + "://" + from.getRawAuthority();
		String target = ExactUrl.target("/" + reference.replaceFirst("#.*", "")).substring(1);
		return target.startsWith("/") ? root + target : URIUtils.resolve(from, target).toString();
	}

}
