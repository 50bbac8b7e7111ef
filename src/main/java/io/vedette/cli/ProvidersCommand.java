package io.vedette.cli;

import java.net.http.HttpRequest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.vedette.provider.AccountName;
import picocli.CommandLine.Command;

/** Lists how a running Vedette asks each provider, a line an account. */
@Command(name = "providers", description = "Lists how a running Vedette asks each provider now.")
final class ProvidersCommand extends ClientCommand {

	@Override
	HttpRequest.Builder request(Call to) {
		return to.path("/providers").GET();
	}

	@Override
	void print(JsonNode answer) {
		Table table = new Table("PROVIDER", "POLLING", "LIMIT", "USED", "WATCHING", "WAITING", "PAUSED", "UNTIL");
		answer.path("providers")
			.forEach((provider) -> provider.path("accounts").forEach((account) -> add(table, provider, account)));
		table.print(out());
	}

	private static void add(Table table, JsonNode provider, JsonNode account) {
		String name = new AccountName(provider.path("provider").asText(), account.path("account").asText()).toString();
		table.add(TextNode.valueOf(name), provider.path("polling"), account.path("rateLimit"), account.path("used"),
				account.path("watching"), account.path("waiting"), account.at("/pause/cause"),
				account.at("/pause/until"));
	}

}
