package io.vedette.operation;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Set;

import io.vedette.delivery.Targets;
import io.vedette.provider.Providers;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Targets, providers and accounts that an operator has paused, in rows: for all nodes,
 * and until an operator resumes them.
 */
@Repository
public class Pauses {

	private final JdbcClient jdbc;

	private final Targets targets;

	private final Providers providers;

	private final Clock clock;

	Pauses(JdbcClient jdbc, Targets targets, Providers providers, Clock clock) {
		this.jdbc = jdbc;
		this.targets = targets;
		this.providers = providers;
		this.clock = clock;
	}

	/** What can be paused. */
	public enum Kind {

		TARGET, PROVIDER, ACCOUNT

	}

	/**
	 * Pauses a target, a provider or an account {@code <provider>/<account>} that is
	 * known; this node heeds it at once, others within seconds.
	 */
	public void pause(Kind kind, String name) {
		this.jdbc.sql("insert into pause (kind, name, since) values (:kind, :name, :now) on conflict do nothing")
			.param("kind", kind.name())
			.param("name", name)
			.param("now", OffsetDateTime.now(this.clock))
			.update();
		heed();
	}

	/** Resumes it. */
	public void resume(Kind kind, String name) {
		this.jdbc.sql("delete from pause where kind = :kind and name = :name")
			.param("kind", kind.name())
			.param("name", name)
			.update();
		heed();
	}

	/** Has this node do as the rows say. */
	public void heed() {
		Set<String> paused = this.jdbc.sql("select kind, name from pause")
			.query((row, number) -> row.getString("kind") + " " + row.getString("name"))
			.set();
		this.targets.names().forEach((name) -> this.targets.hold(name, paused.contains(Kind.TARGET + " " + name)));
		this.providers.names()
			.forEach((name) -> this.providers.get(name)
				.hold(paused.contains(Kind.PROVIDER + " " + name),
						(account) -> paused.contains(Kind.ACCOUNT + " " + account.provider() + "/" + account.name())));
	}

}
