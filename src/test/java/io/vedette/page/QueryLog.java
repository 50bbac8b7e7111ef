package io.vedette.page;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** The queries that calls of REST and of the page make, and what H2 reads for each. */
final class QueryLog implements BeanPostProcessor {

	private static final Pattern READ = Pattern.compile("scanCount: (\\d+)");

	private final List<Query> queries = new CopyOnWriteArrayList<>();

	private volatile boolean open;

	private DataSource database;

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		if (!(bean instanceof DataSource source)) {
			return bean;
		}
		this.database = source;
		return new DelegatingDataSource(source) {

			@Override
			public Connection getConnection() throws SQLException {
				return logged(super.getConnection());
			}

		};
	}

	void begin() {
		this.queries.clear();
		this.open = true;
	}

	/** Those since the beginning. */
	List<Query> end() {
		this.open = false;
		return List.copyOf(this.queries);
	}

	private Connection logged(Connection connection) {
		// Timers ask beside them, on threads of their own.
		if (!this.open || !Thread.currentThread().getName().startsWith("http-")) {
			return connection;
		}
		return proxy(Connection.class, connection, (method, arguments, result) -> {
			if (result instanceof PreparedStatement statement) {
				Query query = new Query((String) arguments[0], new ArrayList<>(), this.database);
				if (query.sql().stripLeading().toLowerCase().startsWith("select")) {
					this.queries.add(query);
				}
				return proxy(PreparedStatement.class, statement, query::hear);
			}
			return result;
		});
	}

	@SuppressWarnings("unchecked")
	private static <T> T proxy(Class<T> type, T real, Ear ear) {
		return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> ear.hear(method, arguments, invoke(method, real, arguments)));
	}

	private static Object invoke(Method method, Object real, Object... arguments) throws Throwable {
		try {
			return method.invoke(real, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

	/** Hears what was called, and may answer something else. */
	private interface Ear {

		Object hear(Method method, Object[] arguments, Object result) throws Throwable;

	}

	/**
	 * A query as it was made.
	 *
	 * @param settings the calls by which its parameters were set
	 */
	record Query(String sql, List<Setting> settings, DataSource database) {

		private Object hear(Method method, Object[] arguments, Object result) {
			if (method.getName().startsWith("set") && arguments.length > 1) {
				this.settings.add(new Setting(method, arguments));
			}
			return result;
		}

		/** Rows of tables and indexes that H2 reads for it. */
		long rowsRead() throws Exception {
			try (Connection connection = this.database.getConnection();
					PreparedStatement again = connection.prepareStatement("explain analyze " + this.sql)) {
				for (Setting setting : this.settings) {
					setting.method().invoke(again, setting.arguments());
				}
				try (ResultSet plan = again.executeQuery()) {
					plan.next();
					return READ.matcher(plan.getString(1))
						.results()
						.mapToLong((read) -> Long.parseLong(read.group(1)))
						.sum();
				}
			}
		}

	}

	private record Setting(Method method, Object[] arguments) {
	}

}
