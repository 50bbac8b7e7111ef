package io.vedette.operation;

import java.time.Instant;
import java.util.List;

import io.vedette.config.ConfigurationProblem;
import io.vedette.config.FreshProperties;
import io.vedette.config.VedetteProperties;
import io.vedette.node.Node;
import io.vedette.provider.AccountChange;
import io.vedette.provider.Providers;
import io.vedette.schedule.SteadyClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Has the accounts be as the files of the configuration say. Each node reads its own;
 * which node is told to does not matter.
 */
@Component
public class AccountFiles {

	private static final Logger logger = LoggerFactory.getLogger(AccountFiles.class);

	private final FreshProperties files;

	private final Providers providers;

	private final Pauses pauses;

	private final Node node;

	private final SteadyClock steady;

	private Instant heeded;

	AccountFiles(FreshProperties files, Providers providers, Pauses pauses, Node node, SteadyClock steady) {
		this.files = files;
		this.providers = providers;
		this.pauses = pauses;
		this.node = node;
		this.steady = steady;
	}

	/**
	 * Reads the files, and has the other nodes read theirs.
	 * @return what has changed here
	 * @throws ConfigurationProblem if a start would refuse them: nothing was changed, and
	 * nobody was told
	 */
	public List<AccountChange> reload() {
		List<AccountChange> changes = read();
		this.node.tellOfReload();
		return changes;
	}

	/** Reads the files where another node was told to read its own, once. */
	void heed() {
		Instant told = this.node.reloadAt().orElse(null);
		if (told == null || told.equals(this.heeded)) {
			return;
		}
		this.heeded = told;
		try {
			read().forEach((change) -> logger.info("account {}: {}, as the files say since another node read its own",
					change.account(), change.kind()));
		}
		catch (ConfigurationProblem ex) {
			logger.warn(
					"accounts: another node was told to read its files again, those of this one can't be used. {} {} Nothing was changed here.",
					ex.getMessage(), ex.action());
		}
	}

	private List<AccountChange> read() {
		VedetteProperties fresh = this.files.read();
		List<AccountChange> changes = this.providers.configure(fresh, this.steady.instant());
		this.pauses.heed();
		return changes;
	}

}
