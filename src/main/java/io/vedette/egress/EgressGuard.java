package io.vedette.egress;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
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

	private final Predicate<InetAddress> ours;

	/**
	 * A guard that resolves as the JDK does.
	 * @param allow host names, IP addresses and CIDRs that may be reached although they
	 * are not public
	 * @throws IllegalArgumentException if one of them is none of these
	 */
	public EgressGuard(List<String> allow) {
		this(allow, SystemDefaultDnsResolver.INSTANCE, EgressGuard::isOurs);
	}

	EgressGuard(List<String> allow, DnsResolver delegate, Predicate<InetAddress> ours) {
		this.delegate = delegate;
		this.ours = ours;
		allow.stream().map(EgressGuard::canonical).forEach(this::allow);
	}

	/**
	 * The URL, written so that it can be put into the header {@code CamelHttpUri}:
	 * camel-http resolves property placeholders in there, and what this returns holds
	 * none.
	 * @param url http or https URL, at most 8192 characters; without a scheme it is https
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

	/**
	 * The same for one port: 80, 443 or one above 1024, where web servers are; at an
	 * allowed host or address any.
	 * @throws EgressRefusedException if nothing may be asked there
	 */
	@Override
	public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
		boolean any = port == 80 || port == 443 || port > 1024 || this.hosts.contains(canonical(host));
		List<InetSocketAddress> open = Arrays.stream(resolve(host))
			.filter((address) -> any || isAllowed(address))
			.map((address) -> new InetSocketAddress(address, port))
			.toList();
		if (open.isEmpty()) {
			throw EgressRefusedException.host(host, "port %d; expected 80, 443 or one above 1024. ".formatted(port)
					+ "Add the host or its CIDR to vedette.egress.allow if it is yours.");
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
		return isAllowed(address) || !(SpecialAddresses.include(address) || this.ours.test(address));
	}

	private boolean isAllowed(InetAddress address) {
		return this.blocks.stream().anyMatch((block) -> block.contains(address));
	}

	/** What listens here for this machine alone may listen on a public address of it. */
	static boolean isOurs(InetAddress address) {
		try {
			return NetworkInterface.getByInetAddress(address) != null;
		}
		catch (SocketException ex) {
			return true;
		}
	}

	private static EgressRefusedException refused(String host, InetAddress[] addresses) {
		String which = Arrays.stream(addresses).map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
		boolean isPrivate = Arrays.stream(addresses).anyMatch(SpecialAddresses::include);
		return EgressRefusedException.host(host,
				"resolves to %s (%s); only public addresses are fetched. "
					.formatted(isPrivate ? "a private address" : "an address of this machine", which)
						+ "Add the host or its CIDR to vedette.egress.allow if it is yours.");
	}

	private static String canonical(String host) {
		String lower = host.strip().toLowerCase(Locale.ROOT);
		return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
	}

}
