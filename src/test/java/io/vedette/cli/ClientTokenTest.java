package io.vedette.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ClientTokenTest {

	private final List<String> tokens = new ArrayList<>();

	private HttpServer server;

	@BeforeEach
	void start() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/providers", (exchange) -> {
			this.tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
			byte[] body = "{\"providers\":[]}".getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(200, body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		this.server.start();
		System.setProperty("server.port", Integer.toString(this.server.getAddress().getPort()));
	}

	@AfterEach
	void stop() {
		this.server.stop(0);
		System.clearProperty("server.port");
		System.clearProperty("VEDETTE_INTAKE_TOKEN");
	}

	@Test
	void sendsTheTokenOfTheEnvironmentToWhereTheConfigurationListens() {
		System.setProperty("VEDETTE_INTAKE_TOKEN", "s3cret");
		Called called = Called.with("providers");
		assertThat(called.exitCode()).as(called.err()).isZero();
		assertThat(this.tokens).containsExactly("Bearer s3cret");
	}

	@Test
	void showsNoTokenThatCantBeSent() {
		System.setProperty("VEDETTE_INTAKE_TOKEN", "s3cret\n");
		Called called = Called.with("providers");
		assertThat(called.exitCode()).isEqualTo(1);
		assertThat(called.err()).contains("VEDETTE_INTAKE_TOKEN").doesNotContain("s3cret");
		assertThat(this.tokens).isEmpty();
	}

}
