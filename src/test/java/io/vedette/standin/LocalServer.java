package io.vedette.standin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Servers that this machine may have on their standard ports. */
public final class LocalServer {

	public static final int RABBITMQ = 5672;

	public static final int MOSQUITTO = 1883;

	private LocalServer() {
	}

	public static boolean isThere(int port) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
