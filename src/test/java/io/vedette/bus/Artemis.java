package io.vedette.bus;

import io.vedette.standin.FreePort;

import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/** An Artemis in this JVM, which speaks its own protocol, AMQP 1.0 and MQTT. */
public final class Artemis {

	private static final int PORT = start();

	private Artemis() {
	}

	static int port() {
		return PORT;
	}

	/** Where its own protocol finds it. */
	public static String url() {
		return "tcp://127.0.0.1:" + PORT;
	}

	private static int start() {
		int port = FreePort.find();
		try {
			new EmbeddedActiveMQ().setConfiguration(new ConfigurationImpl().setPersistenceEnabled(false)
				.setSecurityEnabled(false)
				.addAcceptorConfiguration("all", "tcp://127.0.0.1:" + port + "?protocols=CORE,AMQP,MQTT")
				.addAddressSetting("#", new AddressSettings().setAutoDeleteQueues(false).setAutoDeleteAddresses(false)))
				.start();
			return port;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
