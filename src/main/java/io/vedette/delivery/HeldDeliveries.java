package io.vedette.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import io.vedette.job.IndexPage;
import io.vedette.job.SqlArray;
import io.vedette.job.SqlTime;
import io.vedette.schedule.SteadyClock;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The events of batches, held back at each target until each event of their jobs has been
 * sent there or has failed an attempt. Which have is looked up once a job, from the last
 * one on: what was tried once has been tried for ever.
 */
@Repository
class HeldDeliveries {

	/** Deliveries that one call looks at. */
	private static final int MOST = 200;

	/** Jobs whose deliveries are looked up in one statement. */
	private static final int PART = 1000;

	/** For so long a call goes on, however many jobs a batch has. */
	private static final Duration TURN = Duration.ofMillis(500);

	/** A delivery that is held still is looked at again by the next tick. */
	private static final Duration WAIT = Duration.ofMillis(900);

	/** All targets are looked after in turn once a second. */
	private static final Duration TICK = Duration.ofMillis(500);

	private final JdbcClient jdbc;

	private final Clock clock;

	private final SteadyClock steady;

	private Set<String> targets = Set.of();

	/** When they are looked up next. */
	private Instant looksAt = Instant.MIN;

	HeldDeliveries(JdbcClient jdbc, Clock clock, SteadyClock steady) {
		this.jdbc = jdbc;
		this.clock = clock;
		this.steady = steady;
	}

	/**
	 * Holds the deliveries of a batch's event, from the moment on at which they are
	 * stored.
	 */
	void hold(long event, String batch) {
		this.jdbc.sql("""
				insert into held_delivery (delivery, target, batch, before_job, due_at)
				select id, target, :batch, :last, due_at from delivery where event = :event
				""").param("batch", batch).param("last", Long.MAX_VALUE).param("event", event).update();
	}

	/** Lets those of a target go whose time has come. */
	void release(String target) {
		if (!targets().contains(target)) {
			return;
		}
		Instant end = this.steady.instant().plus(TURN);
		List<Held> due = this.jdbc.sql("""
				select delivery, batch, before_job from held_delivery where target = :target and due_at <= :now
				order by target, due_at limit\s""" + MOST)
			.param("target", target)
			.param("now", SqlTime.of(this.clock.instant()))
			.query(Held::of)
			.list();
		for (Held held : due) {
			if (this.steady.instant().isAfter(end)) {
				return;
			}
			goOn(held, target, end);
		}
	}

	/**
	 * The targets that something is held for, looked up once for all of them: most of the
	 * time there are none.
	 */
	private synchronized Set<String> targets() {
		Instant now = this.steady.instant();
		if (!now.isBefore(this.looksAt)) {
			this.targets = this.jdbc.sql("select distinct target from held_delivery").query(String.class).set();
			this.looksAt = now.plus(TICK);
		}
		return this.targets;
	}

	private void goOn(Held held, String target, Instant end) {
		long before = held.before();
		while (this.steady.instant().isBefore(end)) {
			List<Long> jobs = jobs(held.batch(), before);
			if (jobs.isEmpty()) {
				this.jdbc.sql("delete from held_delivery where delivery = :id").param("id", held.delivery()).update();
				return;
			}
			Long untried = lastUntried(jobs, target, held.delivery());
			if (untried != null) {
				wait(held, untried + 1, WAIT);
				return;
			}
			before = jobs.get(jobs.size() - 1);
		}
		wait(held, before, Duration.ZERO);
	}

	private List<Long> jobs(String batch, long before) {
		IndexPage page = new IndexPage("job", 0).with("batch", batch).between("id", 0L, before);
		return this.jdbc.sql(page.sql("id", PART)).params(page.values()).query(Long.class).list();
	}

	/**
	 * In a case, so that both databases look up the jobs, and not all that waits for the
	 * target.
	 */
	private Long lastUntried(List<Long> jobs, String target, long before) {
		return this.jdbc.sql("""
				select max(job) from delivery where job = any(:jobs) and case when target = :target
				and status = 'PENDING' and attempts = 0 and id < :before then true else false end
				""")
			.param("jobs", SqlArray.of("bigint", jobs, (job) -> job))
			.param("target", target)
			.param("before", before)
			.query((row, number) -> row.getObject(1, Long.class))
			.list()
			.get(0);
	}

	private void wait(Held held, long before, Duration time) {
		this.jdbc.sql("update held_delivery set before_job = :before, due_at = :due where delivery = :id")
			.param("before", before)
			.param("due", SqlTime.of(this.clock.instant().plus(time)))
			.param("id", held.delivery())
			.update();
	}

	/** Forgets those whose deliveries are gone. */
	void forgetLost() {
		this.jdbc.sql(
				"delete from held_delivery where not exists (select 1 from delivery d where d.id = held_delivery.delivery)")
			.update();
	}

	/**
	 * A delivery that is held.
	 *
	 * @param before from which row of a job on nothing is missing
	 */
	private record Held(long delivery, String batch, long before) {

		private static Held of(ResultSet row, int number) throws SQLException {
			return new Held(row.getLong("delivery"), row.getString("batch"), row.getLong("before_job"));
		}

	}

}
