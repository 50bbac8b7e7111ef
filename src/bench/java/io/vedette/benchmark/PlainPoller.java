package io.vedette.benchmark;

import java.util.List;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;

/**
 * {@link PlainCamel} as a program: asks for all jobs every 50 ms. Camel's own pool makes
 * no more than 1,000 of them wait.
 */
class PlainPoller implements ApplicationRunner {

	/** Root of the API, key, ids of pending jobs. */
	@Override
	public void run(ApplicationArguments arguments) throws Exception {
		List<String> values = arguments.getNonOptionArgs();
		PlainCamel plain = new PlainCamel(values.get(0), values.get(1), (poll) -> 50);
		values.stream().skip(2).forEach(plain::watch);
		Thread.currentThread().join();
	}

}
