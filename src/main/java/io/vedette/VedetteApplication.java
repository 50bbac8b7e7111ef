package io.vedette;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.vedette.cli.VedetteCommand;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.micrometer.metrics.autoconfigure.logging.logback.LogbackMetricsAutoConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

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
		// It sets up in advance what nothing here needs, Hibernate Validator above all.
		System.setProperty("spring.backgroundpreinitializer.ignore", "true");
		if (VedetteCommand.isMeant(args)) {
			System.exit(VedetteCommand.run(VedetteCommand.commandLine(), args));
		}
		start(args);
	}

	private static void start(String[] args) {
		SpringApplication application = new SpringApplication(VedetteApplication.class);
		application.addInitializers((context) -> onTerm(() -> stop(context)));
		application.run(args);
	}

	/**
	 * Has SIGTERM do this. By names, as the compiler warns of the only API that hears a
	 * signal; a shutdown hook can't tell one from the end of a start that has failed.
	 */
	private static void onTerm(Runnable action) {
		try {
			Class<?> signal = Class.forName("sun.misc.Signal");
			Class<?> handler = Class.forName("sun.misc.SignalHandler");
			Object hearing = Proxy.newProxyInstance(VedetteApplication.class.getClassLoader(),
					new Class<?>[] { handler }, (proxy, method, arguments) -> {
						action.run();
						return null;
					});
			signal.getMethod("handle", signal, handler)
				.invoke(null, signal.getConstructor(String.class).newInstance("TERM"), hearing);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("no sun.misc.Signal; expected a JDK with the module jdk.unsupported", ex);
		}
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
