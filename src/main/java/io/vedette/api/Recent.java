package io.vedette.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

import io.vedette.schedule.SteadyClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * What the database said, looked up only when somebody asks and at most once in a while,
 * whether it answered or not.
 *
 * @param <T> what it says
 */
final class Recent<T> implements Supplier<Optional<T>> {

	private static final Duration AGE = Duration.ofSeconds(10);

	private static final Logger logger = LoggerFactory.getLogger(Recent.class);

	private final Supplier<T> question;

	private final SteadyClock clock;

	private Optional<T> answer = Optional.empty();

	private Instant staleFrom = Instant.MIN;

	Recent(Supplier<T> question, SteadyClock clock) {
		this.question = question;
		this.clock = clock;
	}

	/** Empty while the database does not answer. */
	@Override
	public synchronized Optional<T> get() {
		if (!this.clock.instant().isBefore(this.staleFrom)) {
			this.answer = ask();
			this.staleFrom = this.clock.instant().plus(AGE);
		}
		return this.answer;
	}

	private Optional<T> ask() {
		try {
			return Optional.of(this.question.get());
		}
		catch (DataAccessException | TransactionException ex) {
			logger.debug("the database does not answer", ex);
			return Optional.empty();
		}
	}

}
