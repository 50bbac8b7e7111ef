package io.vedette;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import javax.sql.DataSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** What the application sends to its database, a batch of one statement as one. */
@TestConfiguration(proxyBeanMethods = false)
public class Statements implements BeanPostProcessor {

	private final Queue<String> sent = new ConcurrentLinkedQueue<>();

	/** Forgets what was sent so far. */
	public void forget() {
		this.sent.clear();
	}

	/** What was sent since, oldest first, each text in one line. */
	public List<String> sent() {
		return this.sent.stream().map((sql) -> sql.replaceAll("\\s+", " ").strip()).toList();
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		return (bean instanceof DataSource database) ? new DelegatingDataSource(database) {

			@Override
			public Connection getConnection() throws SQLException {
				return listening(super.getConnection());
			}

		} : bean;
	}

	private Connection listening(Connection connection) {
		return listening(Connection.class, connection, null);
	}

	private <T> T listening(Class<T> type, T target, String sql) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, arguments) -> {
				if (sql != null && method.getName().startsWith("execute")) {
					this.sent.add(sql);
				}
				try {
					Object result = method.invoke(target, arguments);
					return (result instanceof PreparedStatement statement)
							? listening(PreparedStatement.class, statement, (String) arguments[0]) : result;
				}
				catch (InvocationTargetException ex) {
					throw ex.getCause();
				}
			}));
	}

}
