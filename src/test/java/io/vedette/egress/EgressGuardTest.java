package io.vedette.egress;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.vedette.http.ExactUrl;
import io.vedette.http.RawServer;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.hc.client5.http.impl.InMemoryDnsResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class EgressGuardTest {

	private static final String PUBLIC = "93.184.215.14";

	/** A public address of this machine. */
	private static final String OURS = "93.184.215.15";

	private final InMemoryDnsResolver dns = new InMemoryDnsResolver();

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "127.0.0.1.",
			"0X7F.0.0.1", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::7f00:1]",
			"[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "localhost",
			"localhost.", "LOCALHOST", "0.0.0.0", "[::]", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1",
			"169.254.169.254", "[fd00:ec2::254]", "168.63.129.16", "100.64.0.1", "100.100.100.200", "192.0.0.192",
			"192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
			"[ff02::1]", "[fe80::1]", "[fec0::1]", "[fc00::1]", "[100::1]", "[2001:10::1]", "[2001:20::1]",
			"[2001:db8::1]", "[3fff::1]", "[5f00::1]" })
	void refusesEverySpellingOfAnAddressThatIsNotPublic(String host) {
		EgressGuard guard = new EgressGuard(List.of());
		assertThatExceptionOfType(EgressRefusedException.class).isThrownBy(() -> resolve(guard, host));
	}

	@ParameterizedTest
	@ValueSource(strings = { "1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "192.0.1.1", "223.255.255.255",
			"[2606:4700:4700::1111]", "[2a00:1450::1]" })
	void resolvesPublicAddresses(String host) throws UnknownHostException {
		assertThat(resolve(new EgressGuard(List.of()), host)).hasSize(1);
	}

	@Test
	void saysWhereAHostLeadsAndWhatToDo() {
		this.dns.add("pictures.example", address("10.0.0.1"), address("fc00::1"));
		assertThatExceptionOfType(EgressRefusedException.class).isThrownBy(() -> guard().resolve("pictures.example"))
			.withMessage(
					"picture host \"pictures.example\": resolves to a private address (10.0.0.1, fc00:0:0:0:0:0:0:1); "
							+ "only public addresses are fetched. "
							+ "Add the host or its CIDR to vedette.egress.allow if it is yours.");
	}

	@Test
	void dropsThePrivateAddressesOfAHost() throws UnknownHostException {
		this.dns.add("pictures.example", address("10.0.0.1"), address(PUBLIC));
		assertThat(guard().resolve("pictures.example")).containsExactly(address(PUBLIC));
	}

	@Test
	void refusesTheAddressesOfThisMachineUnlessAllowed() throws UnknownHostException {
		this.dns.add("pictures.example", address(OURS));
		assertThatExceptionOfType(EgressRefusedException.class).isThrownBy(() -> guard().resolve("pictures.example"))
			.withMessageContaining("resolves to an address of this machine (93.184.215.15)");
		assertThat(guard(OURS).resolve("pictures.example")).containsExactly(address(OURS));
		assertThat(guard("pictures.example").resolve("pictures.example")).containsExactly(address(OURS));
	}

	@Test
	void knowsTheAddressesOfThisMachine() throws SocketException {
		assertThat(NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)).isNotEmpty()
			.allMatch(EgressGuard::isOurs);
		assertThat(EgressGuard.isOurs(address(PUBLIC))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(ints = { 80, 443, 1025, 8080, 8443, 9000, 65535 })
	void resolvesPortsWhereWebServersAre(int port) throws UnknownHostException {
		this.dns.add("pictures.example", address(PUBLIC));
		assertThat(guard().resolve("pictures.example", port))
			.containsExactly(new InetSocketAddress(address(PUBLIC), port));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 21, 22, 25, 53, 81, 110, 143, 389, 445, 587, 993, 1024 })
	void refusesOtherPortsUnlessAllowed(int port) throws UnknownHostException {
		this.dns.add("pictures.example", address(PUBLIC));
		assertThatExceptionOfType(EgressRefusedException.class)
			.isThrownBy(() -> guard().resolve("pictures.example", port))
			.withMessageContaining("port " + port + "; expected 80, 443 or one above 1024.");
		assertThat(guard(PUBLIC).resolve("pictures.example", port)).hasSize(1);
		assertThat(guard("pictures.example").resolve("Pictures.Example", port)).hasSize(1);
	}

	@Test
	void asksNobodyAtAnotherPort() throws Exception {
		EgressGuard guard = guard();
		this.dns.add("pictures.example", address(PUBLIC));
		assertThat(fetch(guard, "http://pictures.example:25/face.jpg").getException())
			.isInstanceOf(EgressRefusedException.class);
	}

	@Test
	void passesOnThatAHostIsUnknown() {
		assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> guard().resolve("nowhere.example"))
			.isNotInstanceOf(EgressRefusedException.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "pictures.example", "Pictures.Example.", "10.0.0.1", "10.0.0.0/8", " 10.0.0.1 " })
	void resolvesWhatIsAllowed(String allow) throws UnknownHostException {
		this.dns.add("pictures.example", address("10.0.0.1"));
		assertThat(guard(allow).resolve("pictures.example")).containsExactly(address("10.0.0.1"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "example", "other.pictures.example", "10.0.0.2", "11.0.0.0/8", "" })
	void refusesWhatIsNotAllowedByName(String allow) {
		this.dns.add("pictures.example", address("10.0.0.1"));
		assertThatExceptionOfType(EgressRefusedException.class)
			.isThrownBy(() -> guard(allow).resolve("pictures.example"));
	}

	@Test
	void resolvesAllowedAddressesGivenAsLiterals() throws UnknownHostException {
		EgressGuard guard = new EgressGuard(List.of("127.0.0.0/8", "::1"));
		assertThat(resolve(guard, "[::ffff:127.0.0.1]")).containsExactly(address("127.0.0.1"));
		assertThat(resolve(guard, "[::1]")).containsExactly(address("::1"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://minio", "minio:9000", "minio/x", "*", "*.example", "10.0.0.0/33", "10.0.0", "a b",
			"2130706433" })
	void refusesAnAllowEntryThatMeansNothing(String allow) {
		assertThatIllegalArgumentException().isThrownBy(() -> guard(allow))
			.withMessageStartingWith("vedette.egress.allow \"" + allow + "\": ")
			.withMessageContaining("Leave out scheme, port and path.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "[::1]",
			"[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "localhost", "localhost.", "0.0.0.0",
			"[::]" })
	void opensNoConnectionToAPrivateAddress(String host) throws Exception {
		try (RawServer server = new RawServer(EgressGuardTest::picture)) {
			Exchange exchange = fetch(new EgressGuard(List.of()),
					"http://" + host + ":" + server.port() + "/face.jpg?secret");
			assertThat(exchange.getException()).isInstanceOf(EgressRefusedException.class)
				.hasMessageNotContaining("secret");
			assertThat(server.connections()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "localhost", "localhost.", "[::ffff:127.0.0.1]" })
	void opensAConnectionToAnAllowedAddress(String host) throws Exception {
		try (RawServer server = new RawServer(EgressGuardTest::picture)) {
			Exchange exchange = fetch(new EgressGuard(List.of("127.0.0.1")),
					"http://" + host + ":" + server.port() + "/");
			assertThat(exchange.getMessage().getBody(String.class)).isEqualTo("face");
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/{{secret.key}}?a={{secret.key}}&b={{?secret.key}}",
			"/a//b/../c;d=e/?f=%2B+%20&g[]=h&i=RAW(j)", "//a", "?a" })
	void asksForTheVeryUrlWithoutResolvingPlaceholders(String pathAndQuery) throws Exception {
		try (RawServer server = new RawServer(EgressGuardTest::picture)) {
			EgressGuard guard = new EgressGuard(List.of("127.0.0.1"));
			String url = "http://127.0.0.1:" + server.port() + pathAndQuery;
			Exchange exchange = fetch(guard, url);
			assertThat(exchange.getMessage().getBody(String.class)).isEqualTo("face");
			String target = guard.check(url).substring(("http://127.0.0.1:" + server.port()).length());
			assertThat(server.requests()).singleElement().asString().startsWith("GET " + target + " HTTP/1.1\r\n");
		}
	}

	private EgressGuard guard(String... allow) {
		return new EgressGuard(List.of(allow), this.dns, (address) -> address.getHostAddress().equals(OURS));
	}

	private static List<InetAddress> resolve(EgressGuard guard, String host) throws UnknownHostException {
		String url = guard.check("http://" + host + "/face.jpg");
		return List.of(guard.resolve(URI.create(url).getHost()));
	}

	private static Exchange fetch(EgressGuard guard, String url) throws Exception {
		try (DefaultCamelContext context = new DefaultCamelContext()) {
			context.getPropertiesComponent().addInitialProperty("secret.key", "leaked");
			context.getRegistry().bind("pictureClient", new EgressConfiguration().pictureClient(guard));
			context.start();
			return context.createProducerTemplate()
				.request("http://picture?httpMethod=GET&httpClientConfigurer=#pictureClient",
						(exchange) -> ExactUrl.set(exchange.getMessage(), guard.check(url)));
		}
	}

	private static InetAddress address(String literal) {
		try {
			return InetAddress.getByName(literal);
		}
		catch (UnknownHostException ex) {
			throw new AssertionError(ex);
		}
	}

	private static boolean picture(OutputStream out) throws IOException {
		out.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nface".getBytes(StandardCharsets.US_ASCII));
		return true;
	}

}
