package io.vedette;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.vedette.cli.VedetteCommand;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.micrometer.metrics.autoconfigure.logging.logback.LogbackMetricsAutoConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import sun.misc.Signal;

/**
 * Vedette: watches detection jobs until they finish, and hands on every face.
 * <p>
 * Without the metrics of Logback: to count what is logged they look at every line that is
 * not, a twentieth of what a poll cost. Without Hibernate Validator, which only Springdoc
 * wants to see: nothing is validated by annotations, and every start would set it up.
 */
@SpringBootApplication(exclude = { LogbackMetricsAutoConfiguration.class, ValidationAutoConfiguration.class })
public class VedetteApplication {

	/** The longest stop, whatever hangs: the rows say what is left to do. */
	private static final Duration MAX_STOP = Duration.ofSeconds(9);

	public static void main(String[] args) {
		if (VedetteCommand.isMeant(args)) {
			System.exit(VedetteCommand.run(VedetteCommand.commandLine(), args));
		}
		start(args);
	}

	private static void start(String[] args) {
		SpringApplication application = new SpringApplication(VedetteApplication.class);
		application.addInitializers((context) -> Signal.handle(new Signal("TERM"), (signal) -> stop(context)));
		application.run(args);
	}

	/**
	 * A JVM that is told to stop exits with 143; for an operator an orderly stop is a
	 * success.
	 */
	private static void stop(ConfigurableApplicationContext context) {
		CompletableFuture.delayedExecutor(MAX_STOP.toMillis(), TimeUnit.MILLISECONDS)
			.execute(() -> Runtime.getRuntime().halt(0));
		System.exit(SpringApplication.exit(context));
	}

}
