package io.vedette.page;

import java.util.List;

import io.vedette.config.OwnRoutes;
import io.vedette.config.ShownKeys;
import io.vedette.page.LoadedRoutes.ShownRoute;

import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The configuration that holds: keys and routes. */
@Lazy
@Controller
class ConfigurationPage {

	private final ShownKeys keys;

	private final Environment environment;

	private final LoadedRoutes loaded;

	ConfigurationPage(ShownKeys keys, Environment environment, LoadedRoutes loaded) {
		this.keys = keys;
		this.environment = environment;
		this.loaded = loaded;
	}

	@GetMapping("/page/configuration")
	String show(Model model) {
		List<ShownRoute> routes = this.loaded.all();
		model.addAttribute("keys", this.keys.all());
		model.addAttribute("own", OwnRoutes.of(this.environment));
		model.addAttribute("routes", routes);
		model.addAttribute("picture", RoutesPicture.of(routes));
		return "configuration";
	}

}
