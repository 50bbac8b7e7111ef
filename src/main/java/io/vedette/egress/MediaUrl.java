package io.vedette.egress;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Tells of a URL that a provider is to fetch media from whether it can: a provider is on
 * the public internet. Nothing is looked up, for it is not Vedette that goes there.
 */
public final class MediaUrl {

	private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://.*", Pattern.DOTALL);

	/** Names that are nobody's in public (RFC 6761, RFC 6762, ICANN's internal). */
	private static final Pattern PRIVATE_NAME = Pattern.compile("[^.]+|(.*\\.)?(localhost|local|internal|home\\.arpa)");

	private static final Pattern ADDRESS = Pattern.compile("\\[.*]|(?:.*\\.)?(?:\\d+|0x[0-9a-f]*)");

	private MediaUrl() {
	}

	/** What is wrong with it, and what is expected; null if nothing is. */
	public static String problem(String url) {
		if (!ABSOLUTE.matcher(url).matches()) {
			return "no http:// or https:// at its begin; expected a public URL";
		}
		if (url.chars().anyMatch((c) -> Character.isWhitespace(c) || Character.isISOControl(c))) {
			return "holds blanks; expected a URL as the provider is to fetch it, percent-encoded";
		}
		try {
			String host = URI.create(PictureUrl.normalise(url)).getHost().toLowerCase(Locale.ROOT);
			return isPublic(host.endsWith(".") ? host.substring(0, host.length() - 1) : host) ? null
					: "a host that the provider can't reach; expected a public one";
		}
		catch (EgressRefusedException ex) {
			return ex.getMessage().replaceFirst("^picture (URL: )?", "").replaceFirst("\\.$", "");
		}
	}

	private static boolean isPublic(String host) {
		if (!ADDRESS.matcher(host).matches()) {
			return !PRIVATE_NAME.matcher(host).matches();
		}
		try {
			// An address is not looked up.
			return (host.startsWith("[") || Cidr.isPlainIpv4(host))
					&& !SpecialAddresses.include(InetAddress.getByName(host));
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

}
