package io.vedette.node;

import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The table {@code node} as one process of one node uses it. */
final class NodeTable implements NodeRows {

	private static final TypeReference<Map<String, ToldShare>> SHARES = new TypeReference<>() {
	};

	private final JdbcClient jdbc;

	private final ObjectReader reader;

	private final ObjectWriter writer;

	private final TransactionTemplate transaction;

	private final String name;

	private final String instance = UUID.randomUUID().toString();

	private volatile OffsetDateTime reloadAt;

	private volatile List<NodeRow> seen = List.of();

	NodeTable(JdbcClient jdbc, PlatformTransactionManager transactions, String name, JsonMapper json) {
		this.jdbc = jdbc;
		// A later version may tell more.
		this.reader = json.readerFor(SHARES).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
		this.writer = json.writerFor(SHARES);
		this.transaction = new TransactionTemplate(transactions);
		this.name = name;
	}

	/** SQL that tells of a node whether it was silent for longer than that. */
	static String silentFor(Duration time) {
		return "seen_at < current_timestamp - interval '1' second * (%d / 1000.0)".formatted(time.toMillis());
	}

	@Override
	public List<NodeRow> all() {
		this.seen = this.jdbc
			.sql("select id, live, seen_at, current_timestamp as asked_at, shares, reload_at from node")
			.query((row, number) -> {
				hear(row.getString("id"), row.getObject("reload_at", OffsetDateTime.class));
				return row(row, number);
			})
			.list();
		return this.seen;
	}

	/** Whether another node was silent for longer than that when all were read last. */
	boolean hasSeenSilent(Duration time) {
		return this.seen.stream().anyMatch((row) -> !row.id().equals(this.name) && row.age().compareTo(time) > 0);
	}

	private void hear(String id, OffsetDateTime moment) {
		OffsetDateTime before = this.reloadAt;
		if (moment != null && !id.equals(this.name) && (before == null || moment.isAfter(before))) {
			this.reloadAt = moment;
		}
	}

	/**
	 * When another node was told last to read the files of its accounts again, as far as
	 * has been heard; or null.
	 */
	OffsetDateTime reloadAt() {
		return this.reloadAt;
	}

	/** Tells the other nodes that this one was told to. */
	void tellOfReload() {
		this.jdbc.sql("update node set reload_at = current_timestamp where id = :id").param("id", this.name).update();
	}

	private NodeRow row(ResultSet row, int number) throws SQLException {
		return new NodeRow(row.getString("id"), row.getBoolean("live"), row.getObject("seen_at", OffsetDateTime.class),
				row.getObject("asked_at", OffsetDateTime.class), read(row.getString("shares")));
	}

	private Map<String, ToldShare> read(String shares) {
		try {
			return (shares != null) ? this.reader.readValue(shares) : null;
		}
		catch (JsonProcessingException ex) {
			throw new UncheckedIOException("node.shares", ex);
		}
	}

	private String written(Map<String, ToldShare> shares) {
		try {
			return (shares != null) ? this.writer.writeValueAsString(shares) : null;
		}
		catch (JsonProcessingException ex) {
			throw new UncheckedIOException("node.shares", ex);
		}
	}

	/** The row of this node's name, whichever process beats under it. */
	Optional<NodeRow> own() {
		return this.jdbc.sql("select id, live, seen_at, current_timestamp as asked_at, shares from node where id = :id")
			.param("id", this.name)
			.query(this::row)
			.optional();
	}

	/** Whether the row of this node's name is this process's. */
	boolean isOwn() {
		return this.jdbc.sql("select count(*) from node where id = :id and instance = :instance")
			.param("id", this.name)
			.param("instance", this.instance)
			.query(Integer.class)
			.single() == 1;
	}

	/**
	 * Adds the row of this name, if there is none. A node that comes holds nothing.
	 * @return whether there was none
	 */
	boolean insert() {
		return this.jdbc.sql("""
				insert into node (id, seen_at, live, instance, shares)
				values (:id, current_timestamp, true, :instance, '{}')
				on conflict do nothing
				""").param("id", this.name).param("instance", this.instance).update() == 1;
	}

	/**
	 * Makes the row this process's, if nobody has beaten meanwhile.
	 * @return whether it is
	 */
	boolean take(OffsetDateTime seenAt) {
		return this.jdbc.sql("update node set instance = :instance where id = :id and seen_at = :seenAt")
			.param("instance", this.instance)
			.param("id", this.name)
			.param("seenAt", seenAt)
			.update() == 1;
	}

	@Override
	public boolean write(Map<String, ToldShare> shares) {
		return update(written(shares)) || insert() && update(written(shares));
	}

	private boolean update(String shares) {
		return this.jdbc.sql("""
				update node set seen_at = current_timestamp, live = true, lost_at = null, shares = :shares
				where id = :id and (instance = :instance or instance is null)
				""").param("shares", shares).param("id", this.name).param("instance", this.instance).update() == 1;
	}

	/** Waits for nobody: who has the lock may be frozen. */
	@Override
	public boolean alone(Runnable work) {
		return Boolean.TRUE.equals(this.transaction.execute((status) -> {
			boolean locked = this.jdbc.sql("select id from share_lock for update skip locked")
				.query(Integer.class)
				.optional()
				.isPresent();
			if (locked) {
				work.run();
			}
			return locked;
		}));
	}

	/** Says that this node has stopped. */
	void leave() {
		this.jdbc
			.sql("update node set live = false, seen_at = current_timestamp where id = :id and instance = :instance")
			.param("id", this.name)
			.param("instance", this.instance)
			.update();
	}

	/** Deletes the rows of nodes that were silent for so long and whose work is done. */
	void forget(Duration silence) {
		this.jdbc.sql("""
				delete from node where id <> :me and %s
				and not exists (select 1 from job where owner = node.id and status in ('WATCHING', 'SUBMITTING'))
				and not exists (select 1 from delivery where owner = node.id and status = 'PENDING')
				""".formatted(silentFor(silence))).param("me", this.name).update();
	}

	/** What a query for names finds that knows this node's as {@code me}. */
	List<String> names(String query) {
		return this.jdbc.sql(query).param("me", this.name).query(String.class).list();
	}

	/** The names that a query finds, each of them for one node only. */
	List<String> speakOf(String query) {
		return names(query).stream()
			.filter((id) -> this.jdbc
				.sql("update node set lost_at = current_timestamp where id = :id and lost_at is null and id in (%s)"
					.formatted(query))
				.param("id", id)
				.param("me", this.name)
				.update() == 1)
			.toList();
	}

	/** How many rows there are in each state. */
	Map<Node.State, Long> count(Duration lease) {
		Map<Node.State, Long> count = new EnumMap<>(Node.State.class);
		this.jdbc.sql("""
				select case when not live then 'LEFT' when %s then 'LOST' else 'LIVE' end state, count(*) nodes
				from node group by 1
				""".formatted(silentFor(lease))).query((row) -> {
			count.put(Node.State.valueOf(row.getString("state")), row.getLong("nodes"));
		});
		return count;
	}

}
