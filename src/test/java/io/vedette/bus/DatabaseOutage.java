package io.vedette.bus;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

import javax.sql.DataSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** The way to the database, which can be cut and mended. */
@TestConfiguration(proxyBeanMethods = false)
public class DatabaseOutage implements BeanPostProcessor {

	private volatile boolean cut;

	public void cut() {
		this.cut = true;
	}

	public void mend() {
		this.cut = false;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		return (bean instanceof DataSource database) ? new DelegatingDataSource(database) {

			@Override
			public Connection getConnection() throws SQLException {
				if (DatabaseOutage.this.cut) {
					throw new SQLTransientConnectionException("cut");
				}
				return super.getConnection();
			}

		} : bean;
	}

}
