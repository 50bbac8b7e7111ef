package io.vedette.provider;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * A job's id that is a URL itself, as an API that answers with {@code Operation-Location}
 * gives it: what is below the URL that the operator has configured.
 *
 * @param path behind that URL, without a slash before it
 * @param query as it is in the id, or null
 */
record JobUrl(String path, String query) {

	/**
	 * Takes the id apart. An id that is no absolute URL is the rest of the path by
	 * itself.
	 * @return null if it is elsewhere: another host, another path, a way up, credentials
	 */
	static JobUrl below(URI url, String id) {
		try {
			URI given = new URI(id);
			URI absolute = given.isAbsolute() ? given : new URI(url + "/" + id);
			String root = url.getRawPath() + "/";
			if (!isSameServer(url, absolute) || !absolute.getRawPath().startsWith(root) || leavesIt(absolute)) {
				return null;
			}
			return new JobUrl(absolute.getRawPath().substring(root.length()), absolute.getRawQuery());
		}
		catch (URISyntaxException ex) {
			return null;
		}
	}

	private static boolean isSameServer(URI one, URI other) {
		return one.getScheme().equalsIgnoreCase(other.getScheme()) && authority(one).equals(authority(other));
	}

	/**
	 * Host and port; with user and password where there are some, which makes it another
	 * one.
	 */
	private static String authority(URI uri) {
		String usual = uri.getScheme().equalsIgnoreCase("https") ? ":443" : ":80";
		String authority = String.valueOf(uri.getRawAuthority()).toLowerCase(Locale.ROOT);
		return authority.endsWith(usual) ? authority.substring(0, authority.length() - usual.length()) : authority;
	}

	/** Also where a server would decode the dots or slashes only later. */
	private static boolean leavesIt(URI uri) {
		String path = uri.getRawPath().replaceAll("(?i)%2e", ".").replaceAll("(?i)%(2f|5c)", "/");
		return uri.getRawFragment() != null || path.contains("//") || path.matches(".*/\\.{1,2}(/.*)?");
	}

}
