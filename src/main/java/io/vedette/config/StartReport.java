package io.vedette.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import io.vedette.delivery.Targets;
import io.vedette.node.Node;
import io.vedette.provider.AccountName;
import io.vedette.provider.Providers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Says in one block what has been started, and with what: no secret, and of a URL only
 * what can hold none.
 */
@Component
class StartReport {

	private static final Logger logger = LoggerFactory.getLogger("io.vedette");

	/** How the configuration takes a secret from the environment. */
	private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)(:.*)?}");

	private final Environment environment;

	private final VedetteProperties properties;

	private final Node node;

	private final Providers providers;

	private final Targets targets;

	private final DataSource dataSource;

	StartReport(Environment environment, VedetteProperties properties, Node node, Providers providers, Targets targets,
			DataSource dataSource) {
		this.environment = environment;
		this.properties = properties;
		this.node = node;
		this.providers = providers;
		this.targets = targets;
		this.dataSource = dataSource;
	}

	/** By then it listens, and the routes are started. */
	@EventListener
	void print(ApplicationReadyEvent event) {
		List<String> lines = new ArrayList<>(
				List.of(line("listens on", address()), line("data", this.properties.data().toString()),
						line("database", database()), line("node", this.node.name())));
		this.providers.accounts()
			.forEach((account) -> lines.add(line(account.name().isDefault() ? "provider" : "account",
					account.name() + ", " + key(account.name()))));
		this.targets.names().forEach((name) -> lines.add(line("target", name + ", " + kind(name))));
		new TreeMap<>(this.properties.intakes()).forEach((name, intake) -> {
			if (!intake.uri().isBlank()) {
				lines.add(line("intake", name + ", " + place(intake.uri())));
			}
		});
		lines.add(line("routes", routes()));
		logger.info("Vedette is ready after {} s{}", event.getTimeTaken().toSeconds(), String.join("", lines));
	}

	private static String line(String what, String value) {
		return "%n  %-10s  %s".formatted(what, value);
	}

	private String address() {
		String address = this.environment.getProperty("server.address", "");
		String host = address.contains(":") ? "[" + address + "]" : address;
		return "%s:%s".formatted(host.isEmpty() ? "every address of this machine" : host,
				this.environment.getProperty("local.server.port", "no port"))
				+ ((this.properties.intakeToken().isPresent() || !this.properties.intakeTokens().isEmpty())
						? ", for callers with the token"
						: ", for callers on this machine alone: vedette.intake-token is not set");
	}

	/** The URL up to its options, without a user before the host. */
	private String database() {
		HikariDataSource pool = DataSourceUnwrapper.unwrap(this.dataSource, HikariConfigMXBean.class,
				HikariDataSource.class);
		return pool.getJdbcUrl().replaceFirst("(?s)[;?].*", "").replaceFirst("//.*@", "//");
	}

	/** Whether a key is set, and the variable that it comes or would come from. */
	private String key(AccountName account) {
		VedetteProperties.Account settings = this.properties.provider(account.provider())
			.map((provider) -> provider.allAccounts().get(account.name()))
			.orElse(null);
		String prefix = account.provider() + (account.isDefault() ? "" : ".accounts." + account.name());
		if (settings != null && settings.token().isPresent()) {
			return "token set, " + variable(prefix, "token");
		}
		if (settings != null && settings.apiKey().isPresent()) {
			return "key set, " + variable(prefix, "api-key");
		}
		return "no key: its API will refuse every poll. Set " + variable(prefix, "api-key");
	}

	/** What the configuration takes it from, by name. */
	private String variable(String prefix, String key) {
		return StreamSupport.stream(ConfigurationPropertySources.get(this.environment).spliterator(), false)
			.map((source) -> source
				.getConfigurationProperty(ConfigurationPropertyName.of("vedette.providers." + prefix + "." + key)))
			.filter(Objects::nonNull)
			.findFirst()
			.map((property) -> VARIABLE.matcher(String.valueOf(property.getValue())))
			.filter(Matcher::matches)
			.map((matcher) -> matcher.group(1))
			.orElseGet(() -> "VEDETTE_PROVIDERS_%s_%s".formatted(prefix.replace('.', '_'), key)
				.replace("-", "")
				.toUpperCase(Locale.ROOT));
	}

	private String kind(String target) {
		String kind = this.targets.kindOf(target);
		String uri = this.properties.targets().get(target).uri();
		return switch (kind) {
			case "files" -> place(uri);
			case "webhook" -> "webhook";
			default -> EndpointCheck.scheme(uri).toLowerCase(Locale.ROOT);
		};
	}

	/** A directory, or else no more than the name of the component. */
	private static String place(String uri) {
		return uri.startsWith("file:") ? uri.replaceFirst("\\?.*", "") : EndpointCheck.scheme(uri);
	}

	/** Which files of {@code routes/} took the place of packaged ones. */
	private String routes() {
		List<String> replaced = OwnRoutes.of(this.environment).replaced();
		List<String> added = OwnRoutes.of(this.environment).added();
		return Stream
			.of((replaced.isEmpty() && added.isEmpty()) ? "all as packaged" : null,
					replaced.isEmpty() ? null : "replaced by routes/: " + String.join(", ", replaced),
					added.isEmpty() ? null : "added by routes/: " + String.join(", ", added))
			.filter(Objects::nonNull)
			.reduce((one, other) -> one + "; " + other)
			.orElseThrow();
	}

}
