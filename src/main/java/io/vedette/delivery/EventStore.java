package io.vedette.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vedette.delivery.Settlement.Finished;
import io.vedette.job.Job;
import io.vedette.job.SqlArray;

import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.stereotype.Repository;

/**
 * The event rows. What is sent is not in each of them: the first of a pack has it for
 * those behind it. Rows that were stored before there were packs have their own.
 */
@Repository
class EventStore {

	private static final String PACKS = """
			select job, seq, packed, event_id, type, file_name, image_url, body from event
			where job in (:jobs) and (packed is not null or body is not null) order by job, seq
			""";

	/** H2 stores a megabyte in one value. */
	private static final int LARGEST_PACK = 1 << 20;

	/** Rows that are written together. */
	private static final int CHUNK = 500;

	private static final String[] KEYS = { "id", "job", "seq" };

	private final JdbcClient jdbc;

	private final NamedParameterJdbcTemplate batch;

	private final JsonMapper json;

	EventStore(JdbcClient jdbc, NamedParameterJdbcTemplate batch, JsonMapper json) {
		this.jdbc = jdbc;
		this.batch = batch;
		this.json = json;
	}

	/** How many events of a job there are, of all its runs. */
	int count(Job job) {
		return this.jdbc.sql("select count(*) from event where job = :job")
			.param("job", job.id())
			.query(Integer.class)
			.single();
	}

	/**
	 * Stores events, those of a job one behind the other.
	 * @return the rows that they were given
	 */
	Map<Place, Long> add(List<NewEvent> events, OffsetDateTime now) {
		Map<Place, Long> ids = new HashMap<>();
		List<NewEvent> first = new ArrayList<>();
		List<NewEvent> others = new ArrayList<>();
		List<byte[]> packs = new ArrayList<>();
		events.stream()
			.collect(Collectors.groupingBy((row) -> row.place().job(), LinkedHashMap::new, Collectors.toList()))
			.values()
			.forEach((job) -> {
				List<Event> ofJob = job.stream().map(NewEvent::event).toList();
				for (int from = 0; from < job.size();) {
					int to = PackedEvents.end(ofJob, from);
					byte[] pack = PackedEvents.pack(ofJob.subList(from, to), this.json);
					if (pack.length > LARGEST_PACK) {
						// A picture that is part of an event hardly becomes smaller.
						pack = null;
						to = from + 1;
					}
					packs.add(pack);
					first.add(job.get(from));
					others.addAll(job.subList(from + 1, to));
					from = to;
				}
			});
		insertPacks(first, packs, now, ids);
		inChunks(others, (chunk) -> insert(chunk, now, ids));
		return ids;
	}

	/**
	 * Of each pack the first event, whose row has them all; or itself, where it is too
	 * large for a pack.
	 */
	private void insertPacks(List<NewEvent> first, List<byte[]> packs, OffsetDateTime now, Map<Place, Long> ids) {
		KeyHolder keys = new GeneratedKeyHolder();
		this.batch.batchUpdate("""
				insert into event (job, seq, event_id, type, packed, file_name, image_url, body, stored_at)
				values (:job, :seq, :eventId, :type, :packed, :fileName, :imageUrl, :body, :now)
				""",
				IntStream.range(0, first.size())
					.mapToObj((index) -> parameters(first.get(index), packs.get(index)).addValue("now", now))
					.toArray(MapSqlParameterSource[]::new),
				keys, KEYS);
		remember(keys, ids);
	}

	private static MapSqlParameterSource parameters(NewEvent row, byte[] pack) {
		Event own = (pack == null) ? row.event() : null;
		return new MapSqlParameterSource("job", row.place().job()).addValue("seq", row.place().seq())
			.addValue("eventId", row.event().eventId())
			.addValue("type", row.event().type())
			.addValue("packed", pack, Types.VARBINARY)
			.addValue("fileName", (own != null) ? own.fileName() : null, Types.VARCHAR)
			.addValue("imageUrl", (own != null) ? own.imageUrl() : null, Types.VARCHAR)
			.addValue("body", (own != null) ? own.body() : null, Types.VARCHAR);
	}

	/** One statement, whatever the number of rows: it is parsed and planned once. */
	private void insert(List<NewEvent> events, OffsetDateTime now, Map<Place, Long> ids) {
		KeyHolder keys = new GeneratedKeyHolder();
		this.batch.update("""
				insert into event (job, seq, event_id, type, stored_at)
				select added.*, cast(:now as timestamp with time zone)
				from unnest(cast(:jobs as bigint array), cast(:seqs as integer array),
				cast(:eventIds as varchar array), cast(:types as varchar array)) as added (job, seq, event_id, type)
				""",
				new MapSqlParameterSource("now", now)
					.addValue("jobs", SqlArray.of("bigint", events, (row) -> row.place().job()))
					.addValue("seqs", SqlArray.of("integer", events, (row) -> row.place().seq()))
					.addValue("eventIds", SqlArray.of("varchar", events, (row) -> row.event().eventId()))
					.addValue("types", SqlArray.of("varchar", events, (row) -> row.event().type())),
				keys, KEYS);
		remember(keys, ids);
	}

	private static void remember(KeyHolder keys, Map<Place, Long> ids) {
		keys.getKeyList()
			.forEach((row) -> ids.put(new Place(number(row.get("job")), (int) number(row.get("seq"))),
					number(row.get("id"))));
	}

	/** Has rows written, so many at a time that a statement stays small. */
	static <T> void inChunks(List<T> rows, Consumer<List<T>> write) {
		for (int from = 0; from < rows.size(); from += CHUNK) {
			write.accept(rows.subList(from, Math.min(from + CHUNK, rows.size())));
		}
	}

	static long number(Object value) {
		return ((Number) value).longValue();
	}

	/** Events, each by its place. */
	Map<Place, Event> find(Collection<Place> places) {
		Map<Place, Event> found = new HashMap<>();
		if (places.isEmpty()) {
			return found;
		}
		Set<Place> wanted = new HashSet<>(places);
		this.jdbc.sql(PACKS).param("jobs", places.stream().map(Place::job).distinct().toList()).query((row) -> {
			List<Event> pack = pack(row);
			for (int index = 0; index < pack.size(); index++) {
				Place place = new Place(row.getLong("job"), row.getInt("seq") + index);
				if (wanted.contains(place)) {
					found.put(place, pack.get(index));
				}
			}
		});
		return found;
	}

	/** The events of a job, in order. */
	List<Event> of(Job job) {
		return this.jdbc.sql(PACKS)
			.param("jobs", List.of(job.id()))
			.query((row, number) -> pack(row))
			.list()
			.stream()
			.flatMap(List::stream)
			.toList();
	}

	/** Deletes the events of jobs. */
	void delete(Collection<Long> jobs) {
		this.jdbc.sql("delete from event where job in (:jobs)").param("jobs", jobs).update();
	}

	private List<Event> pack(ResultSet row) throws SQLException {
		byte[] packed = row.getBytes("packed");
		return (packed != null) ? PackedEvents.unpack(packed, this.json) : List.of(event(row));
	}

	/** The event that a row has itself. */
	static Event event(ResultSet row) throws SQLException {
		return new Event(row.getString("event_id"), row.getString("type"), row.getString("file_name"),
				row.getString("image_url"), row.getString("body"));
	}

	/** An event that is about to be stored. */
	record NewEvent(Finished finished, Place place, Event event) {
	}

	/** Where an event is: the row of its job, and its number there. */
	record Place(long job, int seq) {
	}

}
