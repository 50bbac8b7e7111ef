package io.vedette.bus;

import java.io.EOFException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

import javax.sql.DataSource;

import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** The way to the database, which can be cut and mended. */
@TestConfiguration(proxyBeanMethods = false)
public class DatabaseOutage implements BeanPostProcessor {

	private volatile boolean cut;

	private volatile boolean broken;

	/** It is not to be reached. */
	public void cut() {
		this.cut = true;
	}

	/** Connections come about, and break at their first statement. */
	public void breakOff() {
		this.broken = true;
	}

	public void mend() {
		this.cut = false;
		this.broken = false;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		return (bean instanceof DataSource database) ? new DelegatingDataSource(database) {

			@Override
			public Connection getConnection() throws SQLException {
				if (DatabaseOutage.this.cut) {
					throw new SQLTransientConnectionException("cut");
				}
				return breaking(super.getConnection());
			}

		} : bean;
	}

	private Connection breaking(Connection connection) {
		return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
				(proxy, method, arguments) -> {
					if (this.broken) {
						breakAt(method.getName());
					}
					try {
						return method.invoke(connection, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

	/** As the driver of PostgreSQL and the pool say it. */
	private static void breakAt(String call) throws SQLException {
		switch (call) {
			case "prepareStatement", "commit" ->
				throw new PSQLException("An I/O error occurred while sending to the backend.",
						PSQLState.CONNECTION_FAILURE, new EOFException());
			case "rollback" -> throw new SQLException("Connection is closed");
			default -> {
			}
		}
	}

}
