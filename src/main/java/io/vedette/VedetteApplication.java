package io.vedette;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import sun.misc.Signal;

/** Vedette: watches detection jobs until they finish, and hands on every face. */
@SpringBootApplication
public class VedetteApplication {

	public static void main(String[] args) {
		ConfigurableApplicationContext context = SpringApplication.run(VedetteApplication.class, args);
		// A JVM that is told to stop exits with 143; for an operator an orderly stop is a
		// success.
		Signal.handle(new Signal("TERM"), (signal) -> System.exit(SpringApplication.exit(context)));
	}

}
