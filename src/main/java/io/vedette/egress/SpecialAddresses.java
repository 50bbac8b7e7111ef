package io.vedette.egress;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * The addresses that are not plainly somebody's public server, from the IANA IPv4 and
 * IPv6 Special-Purpose Address Registries (RFC 6890). In doubt an address is special:
 * also those that carry an IPv4 address inside (6to4, Teredo, NAT64), and Azure's
 * metadata address, which is a public one that only Azure's own machines reach.
 */
final class SpecialAddresses {

	private static final List<Cidr> IPV4 = blocks("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
			"168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
			"192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4");

	/** All that IANA has handed out as global unicast so far (RFC 4291 section 2.4). */
	private static final Cidr IPV6_GLOBAL = Cidr.parse("2000::/3");

	private static final List<Cidr> IPV6 = blocks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

	private SpecialAddresses() {
	}

	static boolean include(InetAddress address) {
		if (address instanceof Inet4Address) {
			return IPV4.stream().anyMatch((block) -> block.contains(address));
		}
		return !IPV6_GLOBAL.contains(address) || IPV6.stream().anyMatch((block) -> block.contains(address));
	}

	private static List<Cidr> blocks(String... blocks) {
		return Stream.of(blocks).map(Cidr::parse).toList();
	}

}
