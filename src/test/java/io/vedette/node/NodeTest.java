package io.vedette.node;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vedette.RunningVedette;
import io.vedette.config.ConfigurationProblem;
import io.vedette.config.VedetteProperties;
import io.vedette.schedule.SteadyClock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Two processes do not work under one name. */
@Tag("store")
class NodeTest extends RunningVedette {

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private PlatformTransactionManager transactions;

	@Autowired
	private SteadyClock clock;

	@Autowired
	private Node running;

	@Test
	void isRefusedTheNameOfOneThatIsAlive() {
		Instant begin = Instant.now();
		assertThatExceptionOfType(ConfigurationProblem.class).isThrownBy(() -> another(this.running.name()).join())
			.withMessageContaining("\"" + this.running.name() + "\"")
			.satisfies((problem) -> assertThat(problem.action()).contains("vedette.node"));
		assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(4));
		this.running.beat();
		assertThat(this.running.isItself()).isTrue();
	}

	@Test
	void isRefusedTheNameOfOneThatIsStillStarting() {
		Node first = another("starting");
		first.join();
		assertThatExceptionOfType(ConfigurationProblem.class).isThrownBy(() -> another("starting").join());
		first.leave();
	}

	@Test
	void takesTheNameOfOneThatWasKilledAMomentAgo() {
		beatOnce("killed", "1");
		Node next = another("killed");
		next.join();
		assertThat(next.isItself()).isTrue();
		next.leave();
	}

	@Test
	void takesTheNameOfOneThatWasKilledOrStoppedAtOnce() {
		beatOnce("silent", "4");
		Node killed = another("stopped");
		killed.join();
		killed.leave();
		Instant begin = Instant.now();
		for (String name : new String[] { "silent", "stopped" }) {
			Node next = another(name);
			next.join();
			assertThat(next.isItself()).isTrue();
			next.leave();
		}
		assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(2));
	}

	/** As a process leaves it that beat last so many seconds ago. */
	private void beatOnce(String name, String secondsAgo) {
		this.jdbc
			.sql("insert into node (id, seen_at, live, instance, shares) values (:name, current_timestamp - interval '"
					+ secondsAgo + "' second, true, 'before', '{}')")
			.param("name", name)
			.update();
	}

	private Node another(String name) {
		VedetteProperties properties = new Binder(new MapConfigurationPropertySource(Map.of("vedette.node", name)))
			.bindOrCreate("vedette", VedetteProperties.class);
		return new Node(this.jdbc, this.transactions, this.clock, properties, null, new JsonMapper());
	}

}
