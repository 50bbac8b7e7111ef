package io.vedette.api;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

import io.vedette.config.ConfigurationProblem;
import io.vedette.delivery.Targets;
import io.vedette.operation.AccountFiles;
import io.vedette.operation.Audit;
import io.vedette.operation.Audit.Act;
import io.vedette.operation.Audit.Entry;
import io.vedette.operation.Pauses;
import io.vedette.operation.Pauses.Kind;
import io.vedette.operation.Replays;
import io.vedette.operation.Replays.Replay;
import io.vedette.operation.Replays.State;
import io.vedette.provider.AccountChange;
import io.vedette.provider.Providers;
import jakarta.annotation.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** What operators order of a running Vedette; each order is a row of the audit. */
@RestController
public class OperationsApi {

	private final Targets targets;

	private final Providers providers;

	private final Pauses pauses;

	private final Replays replays;

	private final Audit audit;

	private final AccountFiles accounts;

	OperationsApi(Targets targets, Providers providers, Pauses pauses, Replays replays, Audit audit,
			AccountFiles accounts) {
		this.accounts = accounts;
		this.targets = targets;
		this.providers = providers;
		this.pauses = pauses;
		this.replays = replays;
		this.audit = audit;
	}

	/**
	 * Sends nothing more to a target, until it is resumed: its deliveries wait. All nodes
	 * heed it, also after a restart.
	 * @param target its name
	 */
	@PostMapping("/targets/{target}/pause")
	public Paused pauseTarget(@PathVariable String target) {
		return pause(Kind.TARGET, target, this.targets.names());
	}

	/**
	 * Sends to a target again that was paused.
	 * @param target its name
	 */
	@PostMapping("/targets/{target}/resume")
	public Paused resumeTarget(@PathVariable String target) {
		return resume(Kind.TARGET, target, this.targets.names());
	}

	/**
	 * Asks a provider for no job more, until it is resumed: its jobs wait, and none
	 * expires. All nodes heed it, also after a restart.
	 */
	@PostMapping("/providers/{provider}/pause")
	public Paused pauseProvider(@PathVariable String provider) {
		return pause(Kind.PROVIDER, provider, this.providers.names());
	}

	/** Asks a provider again that was paused. */
	@PostMapping("/providers/{provider}/resume")
	public Paused resumeProvider(@PathVariable String provider) {
		return resume(Kind.PROVIDER, provider, this.providers.names());
	}

	/**
	 * Asks a provider for no job of one account more, until it is resumed. All nodes heed
	 * it, also after a restart.
	 * @param account one of those that are configured
	 */
	@PostMapping("/providers/{provider}/accounts/{account}/pause")
	public Paused pauseAccount(@PathVariable String provider, @PathVariable String account) {
		return pause(Kind.ACCOUNT, provider + "/" + account, accounts(provider));
	}

	/**
	 * Asks a provider for the jobs of an account again that was paused.
	 * @param account one of those that are configured
	 */
	@PostMapping("/providers/{provider}/accounts/{account}/resume")
	public Paused resumeAccount(@PathVariable String provider, @PathVariable String account) {
		return resume(Kind.ACCOUNT, provider + "/" + account, accounts(provider));
	}

	private List<String> accounts(String provider) {
		return !this.providers.knows(provider) ? List.of()
				: this.providers.get(provider).accountNames().stream().map((name) -> provider + "/" + name).toList();
	}

	/**
	 * Reads the files of the configuration again, config trees included, and uses the
	 * accounts as they say now: new ones, other keys and limits. The other nodes do the
	 * same with their own files a heartbeat later. Jobs of an account that is gone wait
	 * until it is back. Nothing else of the configuration is changed, and nothing at all
	 * where a start would refuse it. Answers what has changed at this node.
	 */
	@PostMapping("/accounts/reload")
	public ReloadedAccounts reloadAccounts() {
		List<AccountChange> changes = reload();
		this.audit.add(Caller.current(), Act.RELOAD, "accounts", changes.size());
		return new ReloadedAccounts(changes.stream()
			.map((change) -> new ReloadedAccount(change.account().provider(), change.account().name(), change.kind()))
			.toList());
	}

	private List<AccountChange> reload() {
		try {
			return this.accounts.reload();
		}
		catch (ConfigurationProblem ex) {
			throw Problems.badRequest("%s %s Nothing was changed.".formatted(ex.getMessage(), ex.action()));
		}
	}

	private Paused pause(Kind kind, String name, List<String> known) {
		check(kind, name, known);
		this.audit.add(Caller.current(), Act.PAUSE, text(kind) + " " + name, 1);
		this.pauses.pause(kind, name);
		return new Paused(name, true);
	}

	private Paused resume(Kind kind, String name, List<String> known) {
		check(kind, name, known);
		this.audit.add(Caller.current(), Act.RESUME, text(kind) + " " + name, 1);
		this.pauses.resume(kind, name);
		return new Paused(name, false);
	}

	private static void check(Kind kind, String name, List<String> known) {
		if (!known.contains(name)) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND,
					"%s: not known here; expected one of %s. Correct the path.".formatted(text(kind), known));
		}
	}

	private static String text(Kind kind) {
		return kind.name().toLowerCase(Locale.ROOT);
	}

	/** Lists replays, newest first. */
	@GetMapping("/replays")
	public ReplaysPage replays(@RequestParam(required = false) String limit,
			@RequestParam(required = false) String after) {
		Page page = Page.of(limit, after);
		List<Replay> replays = this.replays.list(page.after(), page.limit());
		return new ReplaysPage(replays, page.next(replays.stream().map(Replay::id).toList()));
	}

	/**
	 * Shows how far a replay has come.
	 * @param id as POST /deliveries/replay has answered it
	 */
	@GetMapping("/replays/{id}")
	public Replay replay(@PathVariable String id) {
		return find(id);
	}

	/**
	 * Pauses a replay.
	 * @param id as POST /deliveries/replay has answered it
	 */
	@PostMapping("/replays/{id}/pause")
	public Replay pauseReplay(@PathVariable String id) {
		return change(id, Act.PAUSE, State.PAUSED);
	}

	/**
	 * Goes on with a replay that was paused.
	 * @param id as POST /deliveries/replay has answered it
	 */
	@PostMapping("/replays/{id}/resume")
	public Replay resumeReplay(@PathVariable String id) {
		return change(id, Act.RESUME, State.RUNNING);
	}

	/**
	 * Ends a replay. What is due again already is sent.
	 * @param id as POST /deliveries/replay has answered it
	 */
	@PostMapping("/replays/{id}/stop")
	public Replay stopReplay(@PathVariable String id) {
		return change(id, Act.STOP, State.STOPPED);
	}

	private Replay change(String text, Act act, State state) {
		Replay replay = find(text);
		if (!this.replays.change(replay.id(), state)) {
			throw Problems
				.badRequest("replay: it has ended already (%s). Begin another one with POST /deliveries/replay."
					.formatted(find(text).state()));
		}
		this.audit.add(Caller.current(), act, "replay " + replay.id(), 1);
		return find(text);
	}

	private Replay find(String text) {
		Supplier<ResponseStatusException> unknown = () -> new ResponseStatusException(HttpStatus.NOT_FOUND,
				"replay: not known here; expected an id as POST /deliveries/replay answers it.");
		if (!text.matches("\\d{1,18}")) {
			throw unknown.get();
		}
		return this.replays.find(Long.parseLong(text)).orElseThrow(unknown);
	}

	/** Lists what operators have ordered, newest first. */
	@GetMapping("/audit")
	public AuditPage audit(@RequestParam(required = false) String limit, @RequestParam(required = false) String after) {
		Page page = Page.of(limit, after);
		List<Entry> entries = this.audit.list(page.after(), page.limit());
		return new AuditPage(entries, page.next(entries.stream().map(Entry::id).toList()));
	}

	/** Whether a target, a provider or an account is paused by an operator. */
	public record Paused(String name, boolean paused) {
	}

	/** The accounts that are other than before; none where nothing has changed. */
	record ReloadedAccounts(List<ReloadedAccount> accounts) {
	}

	/**
	 * An account that is other than before.
	 *
	 * @param change added, changed (its key, token or a limit) or removed
	 */
	record ReloadedAccount(String provider, String account, AccountChange.Kind change) {
	}

	/**
	 * One page of replays.
	 *
	 * @param next the after of the next page, or null
	 */
	record ReplaysPage(List<Replay> replays, @Nullable String next) {
	}

	/**
	 * One page of the audit.
	 *
	 * @param next the after of the next page, or null
	 */
	public record AuditPage(List<Entry> audit, @Nullable String next) {
	}

}
