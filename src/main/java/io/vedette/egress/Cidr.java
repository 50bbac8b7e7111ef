package io.vedette.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of IPv4 or IPv6 addresses (RFC 4632, RFC 4291 section 2.3).
 *
 * @param network any address of the block
 * @param prefix how many leading bits all its addresses share: 0-32 or 0-128
 */
record Cidr(InetAddress network, int prefix) {

	private static final Pattern TEXT = Pattern.compile("\\[?([0-9A-Fa-f:.]+)]?(?:/(\\d{1,3}))?");

	private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");

	Cidr {
		int bits = 8 * network.getAddress().length;
		if (prefix < 0 || prefix > bits) {
			throw new IllegalArgumentException("prefix length " + prefix + "; expected 0 to " + bits);
		}
	}

	/**
	 * Reads {@code 10.0.0.0/8}, {@code fc00::/7} or a bare address, which is a block of
	 * one.
	 * @throws IllegalArgumentException if it is anything else; says what to write
	 */
	static Cidr parse(String text) {
		Matcher parts = TEXT.matcher(text);
		if (!parts.matches()) {
			throw bad(text, "no address");
		}
		try {
			InetAddress network = literal(parts.group(1));
			String prefix = parts.group(2);
			return new Cidr(network, (prefix != null) ? Integer.parseInt(prefix) : 8 * network.getAddress().length);
		}
		catch (UnknownHostException ex) {
			throw bad(text, "no address");
		}
		catch (IllegalArgumentException ex) {
			throw bad(text, ex.getMessage());
		}
	}

	/**
	 * Whether the text is an IPv4 address of four decimal numbers without leading zeros,
	 * the one spelling that everybody reads alike.
	 */
	static boolean isPlainIpv4(String text) {
		return IPV4.matcher(text).matches();
	}

	/** Whether the address lies in this block; never so for the other IP version. */
	boolean contains(InetAddress address) {
		byte[] mine = this.network.getAddress();
		byte[] other = address.getAddress();
		if (mine.length != other.length) {
			return false;
		}
		int whole = this.prefix / 8;
		for (int i = 0; i < whole; i++) {
			if (mine[i] != other[i]) {
				return false;
			}
		}
		return this.prefix % 8 == 0 || ((mine[whole] ^ other[whole]) & 0xff) >> (8 - this.prefix % 8) == 0;
	}

	@Override
	public String toString() {
		return this.network.getHostAddress() + "/" + this.prefix;
	}

	private static InetAddress literal(String text) throws UnknownHostException {
		if (isPlainIpv4(text)) {
			return InetAddress.getByName(text);
		}
		// In brackets the JDK takes it for an IPv6 address or fails; it never asks DNS.
		return InetAddress.getByName("[" + text + "]");
	}

	private static IllegalArgumentException bad(String text, String observed) {
		return new IllegalArgumentException(
				"CIDR \"%s\": %s; expected an address, with or without a prefix length. ".formatted(text, observed)
						+ "Write for example \"10.0.0.0/8\", \"fc00::/7\" or \"10.1.2.3\".");
	}

}
