package io.vedette.page;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

import io.vedette.delivery.DeliveryStore;
import io.vedette.job.Job;

import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** Moments, times and addresses as the templates write them. */
@Lazy
@Component
public class Texts {

	private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
		.withZone(ZoneOffset.UTC);

	private final Clock clock;

	Texts(Clock clock) {
		this.clock = clock;
	}

	/** The screens, in the order of the menu. */
	public List<Screen> screens() {
		return List.of(new Screen("Now", "/"), new Screen("Jobs", "/page/jobs"),
				new Screen("Dead letters", "/page/dead-letters"), new Screen("Rejected", "/page/rejected"),
				new Screen("Audit", "/page/audit"), new Screen("Configuration", "/page/configuration"));
	}

	/** The colour of a status, beside its word. */
	public String colour(Enum<?> status) {
		return switch (status.name()) {
			case "SUCCEEDED", "DELIVERED", "LIVE", "DONE", "COMPLETED" -> "good";
			case "FAILED", "DEAD", "LOST" -> "bad";
			case "WATCHING", "SUBMITTING", "RUNNING" -> "busy";
			default -> "late";
		};
	}

	/** The text, or nothing. */
	public String blank(String text) {
		return (text != null) ? text : "";
	}

	/** A moment in UTC, to the second. */
	public String moment(Instant moment) {
		return (moment != null) ? MOMENT.format(moment) : "";
	}

	/** How long ago a moment is, or how far ahead, to the second or the larger unit. */
	public String from(Instant moment) {
		return time(Duration.between(moment, this.clock.instant()).abs());
	}

	/** A time as in 8 s, 3 min, 2 h or 5 d. */
	public String time(Duration time) {
		long seconds = time.toSeconds();
		if (seconds < 120) {
			return seconds + " s";
		}
		if (seconds < 7200) {
			return seconds / 60 + " min";
		}
		return (seconds < 172_800) ? seconds / 3600 + " h" : seconds / 86_400 + " d";
	}

	/** Seconds as in 0.85 s, 8.1 s or 640 s. */
	public String seconds(double seconds) {
		return String.format(Locale.ROOT, (seconds < 1) ? "%.2f s" : (seconds < 100) ? "%.1f s" : "%.0f s", seconds);
	}

	/** A number as in 2.3, or 10,000. */
	public String number(double number) {
		return new DecimalFormat("#,##0.#", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(number);
	}

	/** A count as in 100,000. */
	public String count(long count) {
		return String.format(Locale.ROOT, "%,d", count);
	}

	/** The same for one that goes no further than {@value DeliveryStore#COUNTED}. */
	public String counted(long count) {
		return count(count) + ((count >= DeliveryStore.COUNTED) ? " or more" : "");
	}

	/** A word of the code as a person writes it. */
	public String word(Object name) {
		return String.valueOf(name).toLowerCase(Locale.ROOT).replace('_', ' ');
	}

	/** Where a job is shown. */
	public String job(String provider, String jobId) {
		return jobPath(provider, jobId);
	}

	/** Where a batch is shown. */
	public String batch(String id) {
		return "/page/batches/" + Job.encoded(id);
	}

	/** Where it is decided about a request. */
	public String request(String id) {
		return "/page/requests/" + Job.encoded(id);
	}

	/** A screen in the menu. */
	public record Screen(String name, String path) {
	}

	static String jobPath(String provider, String jobId) {
		return "/page/jobs/" + provider + "/" + Job.encoded(jobId);
	}

}
