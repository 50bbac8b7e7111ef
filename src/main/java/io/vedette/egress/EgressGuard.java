package io.vedette.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/**
 * Keeps picture downloads on the public internet: their URLs are chosen by others (server
 * side request forgery, OWASP). It is HttpClient's resolver, and HttpClient connects to
 * nothing but the addresses it returns, IP literals included, so what is checked is what
 * is connected to, however the host is spelled and whatever DNS says next time. It sees
 * only the first hop: through a proxy it would see the proxy.
 */
public final class EgressGuard implements DnsResolver {

	private static final Pattern HOST = Pattern.compile("(?!-)[a-z0-9_-]+(?:\\.[a-z0-9_-]+)*");

	/** A host that ends so is an IPv4 address to some readers (WHATWG URL, 3.5). */
	private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(?:.*\\.)?(?:\\d+|0x[0-9a-f]*)");

	private final Set<String> hosts = new HashSet<>();

	private final List<Cidr> blocks = new ArrayList<>();

	private final DnsResolver delegate;

	/**
	 * A guard that resolves as the JDK does.
	 * @param allow host names, IP addresses and CIDRs that may be reached although they
	 * are not public
	 * @throws IllegalArgumentException if one of them is none of these
	 */
	public EgressGuard(List<String> allow) {
		this(allow, SystemDefaultDnsResolver.INSTANCE);
	}

	EgressGuard(List<String> allow, DnsResolver delegate) {
		this.delegate = delegate;
		allow.stream().map(EgressGuard::canonical).forEach(this::allow);
	}

	/**
	 * The URL, written so that it can be put into the header {@code CamelHttpUri}:
	 * camel-http resolves property placeholders in there, and what this returns holds
	 * none.
	 * @param url absolute http or https URL, at most 8192 characters
	 * @return the same URL, legal by RFC 3986, without fragment
	 * @throws EgressRefusedException if it cannot be written so, or carries a user or
	 * password
	 */
	public String check(String url) throws EgressRefusedException {
		return PictureUrl.normalise(url);
	}

	/**
	 * The addresses of the host that may be connected to: all of an allowed host, else
	 * the public and the allowed ones.
	 * @throws EgressRefusedException if the host has addresses, but none of these
	 * @throws UnknownHostException if it has none at all
	 */
	@Override
	public InetAddress[] resolve(String host) throws UnknownHostException {
		String name = canonical(host);
		if (this.hosts.contains(name)) {
			return lookUp(name);
		}
		if (ENDS_IN_NUMBER.matcher(name).matches() && !Cidr.isPlainIpv4(name)) {
			throw EgressRefusedException.host(host,
					"an address in an ambiguous spelling; expected four decimal numbers, as in 192.0.2.1.");
		}
		InetAddress[] all = lookUp(name);
		InetAddress[] open = Arrays.stream(all).filter(this::isOpen).toArray(InetAddress[]::new);
		if (open.length == 0) {
			throw refused(host, all);
		}
		return open;
	}

	@Override
	public String resolveCanonicalHostname(String host) throws UnknownHostException {
		return this.delegate.resolveCanonicalHostname(host);
	}

	private void allow(String entry) {
		if (entry.isBlank()) {
			return;
		}
		if (HOST.matcher(entry).matches() && !ENDS_IN_NUMBER.matcher(entry).matches()) {
			this.hosts.add(entry);
			return;
		}
		try {
			this.blocks.add(Cidr.parse(entry));
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(("vedette.egress.allow \"%s\": neither host, IP address nor CIDR; "
					+ "expected \"pictures.example.com\", \"10.1.2.3\" or \"10.0.0.0/8\". "
					+ "Leave out scheme, port and path.")
				.formatted(entry), ex);
		}
	}

	private InetAddress[] lookUp(String host) throws UnknownHostException {
		InetAddress[] addresses = this.delegate.resolve(host);
		if (addresses == null || addresses.length == 0) {
			throw new UnknownHostException(
					"picture host \"%s\": unknown; expected one that DNS knows.".formatted(host));
		}
		return addresses;
	}

	private boolean isOpen(InetAddress address) {
		return !SpecialAddresses.include(address) || this.blocks.stream().anyMatch((block) -> block.contains(address));
	}

	private static EgressRefusedException refused(String host, InetAddress[] addresses) {
		String which = Arrays.stream(addresses).map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
		return EgressRefusedException.host(host,
				"resolves to a private address (%s); only public addresses are fetched. ".formatted(which)
						+ "Add the host or its CIDR to vedette.egress.allow if it is yours.");
	}

	private static String canonical(String host) {
		String lower = host.strip().toLowerCase(Locale.ROOT);
		return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
	}

}
