package io.vedette.provider;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import io.vedette.http.ReplyJson;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.mock.InterceptSendToMockEndpointStrategy;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.builder.ExpressionBuilder;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.web.util.UriUtils;

/**
 * Providers' tables in a Camel context without Spring, whose HTTP endpoints are mocks.
 */
final class TableContext {

	static final String KEY = "THE-KEY";

	static final Path TEMPLATE = Path.of("routes/ask-provider.camel.yaml");

	static final Path SUBMIT_TEMPLATE = Path.of("routes/submit-provider.camel.yaml");

	private final CamelContext camel;

	private final ProviderTables tables = new ProviderTables();

	private String token;

	TableContext(CamelContext camel) throws Exception {
		this.camel = camel;
		TableConfiguration beans = new TableConfiguration();
		camel.getRegistry()
			.bind("writeRequest",
					beans.writeRequest(this.tables, ExpressionBuilder.exchangeExpression((exchange) -> this.token),
							ExpressionBuilder.constantExpression(KEY)));
		camel.getRegistry()
			.bind("readReply",
					beans.readReply(this.tables, new ReplyBody(ReplyJson.mapper(new BoundedReplies(10_001)))));
		camel.getRegistry()
			.bind("submission",
					new Submission(this.tables, new ReplyBody(ReplyJson.mapper(new BoundedReplies(10_001))),
							ExpressionBuilder.exchangeExpression((exchange) -> this.token),
							ExpressionBuilder.constantExpression(KEY)));
		camel.getRegistry().bind("providerClient", (HttpClientConfigurer) (client) -> {
		});
		configure();
		camel.getCamelContextExtension()
			.registerEndpointCallback(new InterceptSendToMockEndpointStrategy("http*", true));
	}

	/** The base URLs as they are shipped; one that is the operator's alone is made up. */
	private void configure() throws Exception {
		for (PropertySource<?> source : new YamlPropertySourceLoader().load("config",
				new FileSystemResource("config/application.yaml"))) {
			for (String provider : List.of("akool", "crun")) {
				String key = "vedette.providers." + provider + ".base-url";
				this.camel.getPropertiesComponent().addInitialProperty(key, String.valueOf(source.getProperty(key)));
			}
			for (String name : List.of("video-path", "video-member")) {
				String key = "vedette.providers.crun.submit." + name;
				this.camel.getPropertiesComponent().addInitialProperty(key, String.valueOf(source.getProperty(key)));
			}
		}
		this.camel.getPropertiesComponent()
			.addInitialProperty("vedette.providers.azure.base-url", "https://my-resource.cognitiveservices.azure.com");
	}

	TableContext withToken(String bearerToken) {
		this.token = bearerToken;
		return this;
	}

	/** Loads route files; templates first or last, as Camel finds them. */
	TableContext load(List<Path> files) throws Exception {
		return loadResources(files.stream()
			.map((file) -> ResourceHelper.resolveResource(this.camel, "file:" + file.toAbsolutePath()))
			.toList());
	}

	/** The same for the text of one more file. */
	TableContext load(String name, String yaml) throws Exception {
		return loadResources(List.of(ResourceHelper.fromString(name, yaml)));
	}

	private TableContext loadResources(List<Resource> resources) throws Exception {
		PluginHelper.getRoutesLoader(this.camel).loadRoutes(resources);
		return this;
	}

	/** Reads the tables and starts their routes. */
	TableContext start() {
		read();
		this.camel.start();
		return this;
	}

	void read() {
		this.tables.beforeApplicationStart(this.camel);
	}

	List<String> providers() {
		return Providers.names(this.camel);
	}

	/** Submits media to a provider; the same otherwise. */
	Exchange submit(String provider, String mediaUrl, String mediaKind, Processor api) {
		return send("direct:submit-" + provider, api, (exchange) -> {
			exchange.setVariable("provider", provider);
			exchange.setVariable("mediaUrl", mediaUrl);
			exchange.setVariable("mediaKind", mediaKind);
		});
	}

	/** Names of the providers that media can be submitted to. */
	List<String> submitters() {
		return providers().stream().filter((name) -> Providers.canSubmit(this.camel, name)).toList();
	}

	private Exchange send(String uri, Processor api, Processor variables) {
		this.camel.getEndpoints()
			.stream()
			.filter(MockEndpoint.class::isInstance)
			.map(MockEndpoint.class::cast)
			.forEach((mock) -> {
				mock.setRetainLast(1);
				mock.whenAnyExchangeReceived(api);
			});
		return this.camel.createFluentProducerTemplate().to(uri).withProcessor((exchange) -> {
			variables.process(exchange);
			exchange.getMessage().setBody("");
		}).send();
	}

	/**
	 * Asks a provider for a job.
	 * @param api gives the reply
	 * @return the exchange as the loop finds it
	 */
	Exchange ask(String provider, String jobId, Processor api) {
		return send("direct:ask-" + provider, api, (exchange) -> {
			exchange.setVariable("provider", provider);
			exchange.setVariable("jobId", jobId);
			exchange.setVariable("encodedJobId", UriUtils.encode(jobId, StandardCharsets.UTF_8));
		});
	}

}
