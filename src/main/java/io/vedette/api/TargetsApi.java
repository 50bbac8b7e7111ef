package io.vedette.api;

import java.util.List;

import io.vedette.delivery.TargetStates;
import io.vedette.delivery.TargetStates.TargetState;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What {@code GET /targets} answers: how each target is, and what waits for it. */
@RestController
public class TargetsApi {

	private final TargetStates states;

	TargetsApi(TargetStates states) {
		this.states = states;
	}

	/** Lists the targets by name. */
	@GetMapping("/targets")
	public TargetsView list() {
		return new TargetsView(this.states.all());
	}

	/** All targets. */
	public record TargetsView(List<TargetState> targets) {
	}

}
