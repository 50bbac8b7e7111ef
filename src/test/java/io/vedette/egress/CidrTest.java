package io.vedette.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CidrTest {

	@ParameterizedTest
	@CsvSource({ "10.0.0.0/8, 10.255.255.255", "10.1.2.3, 10.1.2.3", "100.64.0.0/10, 100.127.255.255",
			"0.0.0.0/0, 8.8.8.8", "10.9.9.9/8, 10.0.0.1", "fc00::/7, fdff::1", "[::1], ::1", "::/0, 2a00::1",
			"2001::/23, 2001:1ff::1" })
	void contains(String cidr, String address) throws UnknownHostException {
		assertThat(Cidr.parse(cidr).contains(InetAddress.getByName(address))).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "10.0.0.0/8, 11.0.0.0", "10.1.2.3, 10.1.2.2", "100.64.0.0/10, 100.128.0.0", "fc00::/7, fe00::1",
			"0.0.0.0/0, ::1", "::/0, 127.0.0.1", "2001::/23, 2001:200::1" })
	void doesNotContain(String cidr, String address) throws UnknownHostException {
		assertThat(Cidr.parse(cidr).contains(InetAddress.getByName(address))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/8", "10.0.0.0/33", "fc00::/129", "10.0.0/8", "10.0.0.0.", "010.0.0.1", "1.2.3.256",
			"localhost", "a.b", "abc", "cafe", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "fe80::1%eth0", ":",
			"1::2::3", "2130706433" })
	void refusesOtherTextAndSaysWhatToWrite(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse(text))
			.withMessageStartingWith("CIDR \"" + text + "\": ")
			.withMessageContaining("\"10.0.0.0/8\"");
	}

	@Test
	void printsAsItIsWritten() {
		assertThat(Cidr.parse("10.0.0.0/8")).hasToString("10.0.0.0/8");
	}

}
