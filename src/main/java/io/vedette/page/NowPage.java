package io.vedette.page;

import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vedette.api.JobStream;
import io.vedette.api.OperationsApi;
import io.vedette.api.ProvidersApi;
import io.vedette.api.ProvidersApi.ProviderView;
import io.vedette.api.TargetsApi;
import io.vedette.delivery.TargetStates.TargetState;
import io.vedette.delivery.Targets;
import io.vedette.job.JobStatus;
import io.vedette.node.Node;
import io.vedette.provider.Providers;
import io.vedette.schedule.LearnedKinds;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.context.annotation.Lazy;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;

/** The first screen: how providers, targets and nodes are now. */
@Lazy
@Controller
class NowPage {

	private final ProvidersApi providersApi;

	private final TargetsApi targetsApi;

	private final OperationsApi operations;

	private final Providers providers;

	private final Targets targets;

	private final Node node;

	private final JobStream stream;

	private final MeterRegistry meters;

	NowPage(ProvidersApi providersApi, TargetsApi targetsApi, OperationsApi operations, Providers providers,
			Targets targets, Node node, JobStream stream, MeterRegistry meters) {
		this.providersApi = providersApi;
		this.targetsApi = targetsApi;
		this.operations = operations;
		this.providers = providers;
		this.targets = targets;
		this.node = node;
		this.stream = stream;
		this.meters = meters;
	}

	@GetMapping("/")
	String now(Model model) {
		model.addAttribute("providers", this.providersApi.list().providers().stream().map(this::card).toList());
		model.addAttribute("targets", this.targetsApi.list().targets().stream().map(this::card).toList());
		model.addAttribute("nodes", this.node.seen());
		return "now";
	}

	private ProviderCard card(ProviderView view) {
		double ended = ended(view.provider());
		double polls = this.meters.find("vedette.polls")
			.tag("provider", view.provider())
			.counters()
			.stream()
			.mapToDouble(Counter::count)
			.sum();
		SchedulePicture picture = SchedulePicture.of(
				this.providers.get(view.provider()).learned().map(LearnedKinds::whole).orElse(null),
				view.schedule().ages());
		return new ProviderCard(view, picture, (ended > 0) ? polls / ended : null, lag(view, "lower"),
				lag(view, "upper"));
	}

	private double ended(String provider) {
		return this.meters.find("vedette.jobs")
			.tag("provider", provider)
			.gauges()
			.stream()
			.filter((gauge) -> !JobStatus.WATCHING.name().equals(gauge.getId().getTag("status")))
			.mapToDouble(Gauge::value)
			.sum();
	}

	private Double lag(ProviderView view, String bound) {
		Collection<Timer> timers = this.meters.find("vedette.lag")
			.tags("provider", view.provider(), "bound", bound)
			.timers();
		long count = timers.stream().mapToLong(Timer::count).sum();
		return (count > 0)
				? timers.stream().mapToDouble((one) -> one.totalTime(TimeUnit.MILLISECONDS)).sum() / count / 1000
				: null;
	}

	private TargetCard card(TargetState state) {
		Counter delivered = this.meters.find("vedette.deliveries")
			.tags("target", state.target(), "outcome", "arrived")
			.counter();
		return new TargetCard(state, (delivered != null) ? (long) delivered.count() : 0,
				this.targets.isHeld(state.target()));
	}

	/** Tells the screens that are open when to look again. */
	@GetMapping("/page/stream")
	void stream(HttpServletRequest request, HttpServletResponse response) throws IOException {
		this.stream.openForPage(request, response);
	}

	@PostMapping("/page/providers/{provider}/pause")
	ResponseEntity<Void> pauseProvider(@PathVariable String provider) {
		this.operations.pauseProvider(provider);
		return PageModel.show("/");
	}

	@PostMapping("/page/providers/{provider}/resume")
	ResponseEntity<Void> resumeProvider(@PathVariable String provider) {
		this.operations.resumeProvider(provider);
		return PageModel.show("/");
	}

	@PostMapping("/page/providers/{provider}/accounts/{account}/pause")
	ResponseEntity<Void> pauseAccount(@PathVariable String provider, @PathVariable String account) {
		this.operations.pauseAccount(provider, account);
		return PageModel.show("/");
	}

	@PostMapping("/page/providers/{provider}/accounts/{account}/resume")
	ResponseEntity<Void> resumeAccount(@PathVariable String provider, @PathVariable String account) {
		this.operations.resumeAccount(provider, account);
		return PageModel.show("/");
	}

	@PostMapping("/page/targets/{target}/pause")
	ResponseEntity<Void> pauseTarget(@PathVariable String target) {
		this.operations.pauseTarget(target);
		return PageModel.show("/");
	}

	@PostMapping("/page/targets/{target}/resume")
	ResponseEntity<Void> resumeTarget(@PathVariable String target) {
		this.operations.resumeTarget(target);
		return PageModel.show("/");
	}

	/**
	 * A provider, and beside what the API says what this node has measured since it
	 * started.
	 *
	 * @param polls polls a job, or null before the first has ended
	 * @param leastLag mean seconds from finished to noticed, at least; null as well
	 * @param mostLag the same at most
	 */
	public record ProviderCard(ProviderView view, SchedulePicture picture, Double polls, Double leastLag,
			Double mostLag) {

		/** Whether an operator has paused it. */
		public boolean isHeld() {
			return this.view.pause() != null && this.view.pause().cause().equals("operator");
		}

		/** The word for how it is. */
		public String state() {
			return (this.view.pause() != null) ? "paused" : "asking";
		}

	}

	/**
	 * A target.
	 *
	 * @param delivered how much this node has delivered since it started
	 * @param held whether an operator has paused it
	 */
	public record TargetCard(TargetState state, long delivered, boolean held) {

		/** The word for how it is. */
		public String word() {
			return this.state.state().toString().toLowerCase(Locale.ROOT);
		}

	}

}
