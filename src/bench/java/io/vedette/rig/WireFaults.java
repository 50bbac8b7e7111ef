package io.vedette.rig;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;

import io.vedette.standin.Reply;
import io.vedette.standin.Request;

/** Replies that providers, hosts of pictures and webhooks should not give, but do. */
final class WireFaults {

	private static final Reply HALF_A_PICTURE = Reply.status(200)
		.header("content-type", "image/png")
		.body("\u0089PNG\r\n\u001a\n and so on".getBytes(StandardCharsets.ISO_8859_1))
		.cut();

	private static final List<Reply> OF_PROVIDERS = List.of(Reply.status(500), Reply.status(503),
			Reply.status(429).header("Retry-After", "1"), Reply.hang(Duration.ofMillis(1500)), Reply.reset(),
			Reply.html("<html>Bad gateway"), Reply.truncated(), Reply.empty(), Reply.nested(200));

	private static final List<Reply> OF_PICTURES = List.of(Reply.status(500), Reply.status(429), Reply.reset(),
			Reply.hang(Duration.ofMillis(500)), HALF_A_PICTURE);

	private static final List<Reply> OF_WEBHOOKS = List.of(Reply.status(500), Reply.status(404),
			Reply.status(429).header("Retry-After", "1"), Reply.status(503).header("Retry-After", "1"), Reply.reset(),
			Reply.hang(Duration.ofMillis(500)), Reply.truncated(), Reply.status(200).after(Duration.ofMillis(800)));

	private static final double AT_PROVIDERS = 0.06;

	private static final double AT_PICTURES = 0.03;

	private static final double AT_WEBHOOKS = 0.06;

	private final Random random;

	private volatile boolean over;

	WireFaults(long seed) {
		this.random = new Random(seed);
	}

	void end() {
		this.over = true;
	}

	/** What a provider or a host of pictures says, or null if all is well. */
	Reply atProviders(Request request) {
		return request.path().startsWith("/pictures/") ? draw(AT_PICTURES, OF_PICTURES, null)
				: draw(AT_PROVIDERS, OF_PROVIDERS, null);
	}

	Reply atWebhooks() {
		return draw(AT_WEBHOOKS, OF_WEBHOOKS, Reply.status(200));
	}

	private Reply draw(double share, List<Reply> faults, Reply usual) {
		if (this.over || this.random.nextDouble() >= share) {
			return usual;
		}
		return faults.get(this.random.nextInt(faults.size()));
	}

}
