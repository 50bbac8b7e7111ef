package io.vedette.node;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vedette.RunningVedette;
import io.vedette.config.VedetteProperties;
import io.vedette.schedule.RateLimit;
import io.vedette.schedule.SteadyClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How nodes divide a rate limit by their rows; the running node does not ask this
 * provider.
 */
@Tag("store")
class NodeSharesTest extends RunningVedette {

	private static final RateLimit LIMIT = RateLimit.of("20/10s");

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private PlatformTransactionManager transactions;

	@Autowired
	private SteadyClock clock;

	@Autowired
	private Node running;

	private final List<Member> members = new ArrayList<>();

	/** A node that asks as often as it may. */
	private final class Member implements RateShare.Sender {

		private final Node node;

		private final RateShare share;

		private int used;

		private long wants;

		private Member(String name) {
			VedetteProperties properties = new Binder(new MapConfigurationPropertySource(Map.of("vedette.node", name)))
				.bindOrCreate("vedette", VedetteProperties.class);
			this.node = new Node(NodeSharesTest.this.jdbc, NodeSharesTest.this.transactions, NodeSharesTest.this.clock,
					properties, null, new JsonMapper());
			this.node.join();
			// From now on it beats when it is told to.
			this.node.started();
			this.share = this.node.share("elsewhere", LIMIT);
			this.share.sentBy(this);
			NodeSharesTest.this.members.add(this);
		}

		private int requests() {
			return this.share.requests(NodeSharesTest.this.clock.instant());
		}

		@Override
		public int used(Instant now) {
			return this.used;
		}

		@Override
		public long wants(Instant now) {
			return this.wants;
		}

	}

	@AfterEach
	void leave() {
		this.members.forEach((member) -> {
			member.node.leave();
			this.jdbc.sql("delete from node where id = :id").param("id", member.node.name()).update();
		});
	}

	@Test
	void handOverWhatIsNotUsedAnyMore() {
		Member one = new Member("one");
		beat();
		beat();
		assertThat(one.requests()).isEqualTo(20);
		one.wants = 400;
		one.used = 20;
		Member other = new Member("other");
		other.wants = 400;
		beat();
		beat();
		assertThat(one.requests()).as("asks less at once").isEqualTo(10);
		assertThat(other.requests()).as("as long as the period holds 20 of the other").isZero();
		assertThat(row("one")).contains("\"share\":20", "\"wants\":400");
		one.used = 13;
		beat();
		beat();
		assertThat(other.requests()).isEqualTo(7);
		assertThat(row("other")).contains("\"share\":7");
		one.used = 5;
		one.wants = 0;
		beat();
		beat();
		beat();
		assertThat(other.requests()).isEqualTo(15);
		assertThat(one.requests()).isZero();
	}

	@Test
	void goOnWithWhatTheirLastRunHad() {
		Member killed = new Member("again");
		Member other = new Member("other");
		killed.wants = 400;
		other.wants = 400;
		beat();
		beat();
		this.members.remove(killed);
		assertThat(killed.requests()).isEqualTo(10);
		this.jdbc.sql("update node set seen_at = current_timestamp - interval '4' second where id = 'again'").update();
		Member again = new Member("again");
		again.wants = 400;
		beat();
		beat();
		assertThat(again.requests()).isEqualTo(10);
		assertThat(again.node.lastRunAskedUntil()).as("its last run may have asked until now")
			.isAfter(this.clock.instant().minusSeconds(4));
	}

	private void beat() {
		this.running.beat();
		this.members.forEach((member) -> member.node.beat());
	}

	private String row(String name) {
		return this.jdbc.sql("select shares from node where id = :id").param("id", name).query(String.class).single();
	}

}
