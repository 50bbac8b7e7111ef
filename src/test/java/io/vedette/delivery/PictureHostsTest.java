package io.vedette.delivery;

import java.time.Instant;
import java.util.Locale;

import io.vedette.delivery.PictureHosts.Entry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PictureHostsTest {

	private static final Instant NOW = Instant.parse("2026-05-27T12:00:00Z");

	private final PictureHosts hosts = new PictureHosts();

	@Test
	void letsAFewInAtOnceAndTheNextWhenOneLeaves() {
		fill("https://a.example/");
		assertThat(this.hosts.enter(picture("https://a.example/7"), NOW)).isEqualTo(Entry.WAITS);
		assertThat(this.hosts.waiting()).isEqualTo(1);
		assertThat(this.hosts.leave(picture("https://a.example/1"), true, NOW))
			.containsExactly(picture("https://a.example/7"));
		assertThat(this.hosts.enter(picture("https://A.example/7"), NOW)).isEqualTo(Entry.ADMITTED);
		assertThat(this.hosts.waiting()).isZero();
	}

	@Test
	void holdsUpNoOtherHost() {
		fill("https://a.example/");
		assertThat(this.hosts.enter(picture("https://a.example/7"), NOW)).isEqualTo(Entry.WAITS);
		assertThat(this.hosts.enter(picture("https://a.example:8443/1"), NOW)).isEqualTo(Entry.ADMITTED);
		assertThat(this.hosts.enter(picture("http://b.example/1"), NOW)).isEqualTo(Entry.ADMITTED);
		assertThat(this.hosts.enter(picture("no web address"), NOW)).isEqualTo(Entry.ADMITTED);
	}

	@Test
	void sendsBackWhatFindsTheLineFull() {
		fill("https://a.example/");
		for (int i = 0; i < PictureHosts.LONGEST_LINE; i++) {
			assertThat(this.hosts.enter(picture("https://a.example/" + i), NOW)).isEqualTo(Entry.WAITS);
		}
		assertThat(this.hosts.enter(picture("https://a.example/last"), NOW)).isEqualTo(Entry.LINE_IS_FULL);
	}

	@Test
	void pausesAHostThatFailsInARowAndEmptiesItsLine() {
		fill("https://a.example/");
		for (int i = 0; i < 10; i++) {
			this.hosts.enter(picture("https://a.example/waits" + i), NOW);
		}
		for (int i = 1; i < PictureHosts.FAILURES; i++) {
			assertThat(this.hosts.leave(picture("https://a.example/" + i), false, NOW)).hasSize(i);
		}
		assertThat(this.hosts.leave(picture("https://a.example/3"), false, NOW)).as("the rest of the line").hasSize(7);
		assertThat(this.hosts.enter(picture("https://a.example/waits9"), NOW)).isEqualTo(Entry.FAILED);
		assertThat(this.hosts.enter(picture("https://a.example/waits9"), NOW)).as("when it comes again")
			.isEqualTo(Entry.PAUSED);
		assertThat(this.hosts.pause(picture("https://a.example/waits9"), NOW)).isEqualTo(PictureHosts.FIRST_PAUSE);
		assertThat(this.hosts.enter(picture("https://b.example/9"), NOW)).isEqualTo(Entry.ADMITTED);
	}

	@Test
	void asksOneAtATimeWhetherAHostIsBack() {
		for (int i = 0; i < PictureHosts.FAILURES; i++) {
			assertThat(this.hosts.enter(picture("https://a.example/" + i), NOW)).isEqualTo(Entry.ADMITTED);
			this.hosts.leave(picture("https://a.example/" + i), false, NOW);
		}
		Instant later = NOW.plus(PictureHosts.FIRST_PAUSE);
		assertThat(this.hosts.enter(picture("https://a.example/1"), later.minusMillis(1))).isEqualTo(Entry.PAUSED);
		assertThat(this.hosts.enter(picture("https://a.example/1"), later)).isEqualTo(Entry.ADMITTED);
		assertThat(this.hosts.enter(picture("https://a.example/2"), later)).isEqualTo(Entry.WAITS);
		assertThat(this.hosts.leave(picture("https://a.example/1"), false, later)).hasSize(1);
		assertThat(this.hosts.enter(picture("https://a.example/2"), later)).isEqualTo(Entry.FAILED);
		assertThat(this.hosts.enter(picture("https://a.example/2"), later.plus(PictureHosts.FIRST_PAUSE)))
			.as("a longer pause")
			.isEqualTo(Entry.PAUSED);
		Instant last = later.plus(PictureHosts.FIRST_PAUSE.multipliedBy(2));
		assertThat(this.hosts.enter(picture("https://a.example/2"), last)).isEqualTo(Entry.ADMITTED);
		this.hosts.leave(picture("https://a.example/2"), true, last);
		fill("https://a.example/");
	}

	private void fill(String host) {
		for (int i = 1; i <= PictureHosts.PLACES; i++) {
			assertThat(this.hosts.enter(picture(host + i), NOW.plusSeconds(3600))).isEqualTo(Entry.ADMITTED);
		}
	}

	private static Delivery picture(String url) {
		return new Delivery(url.toLowerCase(Locale.ROOT).hashCode(), "files", 0, "akool", "job",
				new Event("id", Event.FACE, "face-0", url, "{}"), true, null, false, null, null, null);
	}

}
