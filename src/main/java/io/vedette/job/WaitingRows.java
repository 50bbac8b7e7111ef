package io.vedette.job;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;

import io.vedette.provider.AccountName;
import io.vedette.provider.Caller;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Rows of jobs that wait for a place, account by account and caller by caller: callers
 * share the places as their priorities say, and of each caller the oldest goes first. Who
 * waits, and each caller's oldest row, are found by one look at an index.
 */
final class WaitingRows {

	/** As the index has it: both databases then read no further than they have to. */
	private static final String BY_CALLER = "order by owner nulls first, status, provider, account, caller, registered_at, id";

	/** Among so many callers places are shared at a time. */
	private static final int MOST_CALLERS = 200;

	/** So many rows of a caller are read at least. */
	private static final int LEAST_BATCH = 16;

	private final JdbcClient jdbc;

	/** Where the next look at who waits begins, by account. */
	private final Map<AccountName, String> lastCallers = new ConcurrentHashMap<>();

	WaitingRows(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Who has more than his part while others wait: of how many jobs each caller would
	 * have to let go until none that waits has less, for its priority. Nobody lets his
	 * last one go.
	 * @param watched how many jobs of each caller are watched
	 * @param most how many in all
	 */
	Map<Caller, Integer> inTheWay(AccountName account, Map<Caller, Integer> watched, int most) {
		PriorityQueue<CallerRows> poor = waitingCallers(account, most, watched);
		Map<Caller, Integer> left = new HashMap<>(watched);
		PriorityQueue<Caller> rich = new PriorityQueue<>(
				Comparator.comparingDouble((Caller caller) -> -(double) left.get(caller) / caller.priority()));
		watched.keySet().stream().filter((caller) -> watched.get(caller) > 1).forEach(rich::add);
		Map<Caller, Integer> moved = new HashMap<>();
		int count = 0;
		while (count < most && !poor.isEmpty() && !rich.isEmpty()) {
			CallerRows next = poor.poll();
			Caller first = rich.poll();
			if (next.share() >= (double) left.get(first) / first.priority()) {
				break;
			}
			if (next.take().isPresent()) {
				poor.add(next);
				left.merge(first, -1, Integer::sum);
				moved.merge(first, 1, Integer::sum);
				count++;
			}
			if (left.get(first) > 1) {
				rich.add(first);
			}
		}
		return moved;
	}

	private PriorityQueue<CallerRows> waitingCallers(AccountName account, int limit, Map<Caller, Integer> watched) {
		List<String> callers = callers(account);
		int batch = Math.max(LEAST_BATCH, limit / Math.max(1, callers.size()) + 1);
		PriorityQueue<CallerRows> waiting = new PriorityQueue<>(
				Comparator.comparingDouble(CallerRows::share).thenComparing(CallerRows::caller));
		callers.forEach((caller) -> waiting.add(new CallerRows(account, caller,
				watched.getOrDefault(Caller.ofRow(caller), 0), Math.min(limit, batch))));
		return waiting;
	}

	/**
	 * The rows whose turn it is: each in turn is of the caller that has the fewest jobs
	 * for its priority, and the oldest of that caller.
	 * @param limit how many at most
	 * @param watched how many jobs of each caller are watched
	 */
	List<Long> fairly(AccountName account, int limit, Map<Caller, Integer> watched) {
		PriorityQueue<CallerRows> next = waitingCallers(account, limit, watched);
		List<Long> ids = new ArrayList<>();
		while (ids.size() < limit && !next.isEmpty()) {
			CallerRows rows = next.poll();
			rows.take().ifPresent((id) -> {
				ids.add(id);
				next.add(rows);
			});
		}
		return ids;
	}

	/**
	 * Whose jobs of an account wait, by one look for each. If they are very many, those
	 * behind the ones of the last time.
	 */
	private List<String> callers(AccountName account) {
		List<String> callers = new ArrayList<>();
		String begin = this.lastCallers.getOrDefault(account, "");
		Optional<String> next = callerAfter(account, begin);
		while (next.isPresent() && callers.size() < MOST_CALLERS) {
			callers.add(next.get());
			next = callerAfter(account, next.get());
		}
		this.lastCallers.put(account, next.isPresent() ? callers.get(callers.size() - 1) : "");
		return (callers.isEmpty() && !begin.isEmpty()) ? callers(account) : callers;
	}

	/** H2 would read all of the last caller's rows to find one that is greater. */
	private Optional<String> callerAfter(AccountName account, String last) {
		return this.jdbc.sql("""
				select caller from job where owner is null and status = 'WATCHING' and provider = :provider
				and account = :account and caller >= :behind
				""" + BY_CALLER + " limit 1")
			.param("provider", account.provider())
			.param("account", account.name())
			.param("behind", last + IndexValues.BEHIND)
			.query(String.class)
			.optional();
	}

	/** The rows of one caller that wait, the oldest first. */
	private final class CallerRows {

		private final AccountName account;

		private final String caller;

		private final int batch;

		private final Deque<Waiting> read = new ArrayDeque<>();

		private int jobs;

		private Waiting last = new Waiting(0, Instant.EPOCH);

		private boolean more = true;

		CallerRows(AccountName account, String caller, int jobs, int batch) {
			this.account = account;
			this.caller = caller;
			this.jobs = jobs;
			this.batch = batch;
		}

		String caller() {
			return this.caller;
		}

		/** How many of its jobs are watched with the next one, for its priority. */
		double share() {
			return (this.jobs + 1.0) / Caller.ofRow(this.caller).priority();
		}

		Optional<Long> take() {
			if (this.read.isEmpty() && this.more) {
				this.read.addAll(read());
				this.more = this.read.size() == this.batch;
			}
			Waiting row = this.read.poll();
			if (row == null) {
				return Optional.empty();
			}
			this.last = row;
			this.jobs++;
			return Optional.of(row.id());
		}

		private List<Waiting> read() {
			return WaitingRows.this.jdbc.sql("""
					select id, registered_at from job where owner is null and status = 'WATCHING'
					and provider = :provider and account = :account and caller = :caller
					and registered_at >= :at and (registered_at > :at or id > :id)
					""" + BY_CALLER + " limit " + this.batch)
				.param("provider", this.account.provider())
				.param("account", this.account.name())
				.param("caller", this.caller)
				.param("at", SqlTime.of(this.last.registeredAt()))
				.param("id", this.last.id())
				.query((row, number) -> new Waiting(row.getLong("id"), SqlTime.read(row, "registered_at")))
				.list();
		}

	}

	/** A row that waits. */
	private record Waiting(long id, Instant registeredAt) {
	}

}
