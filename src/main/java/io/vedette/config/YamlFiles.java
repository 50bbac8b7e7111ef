package io.vedette.config;

import java.io.IOException;
import java.util.List;

import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.Resource;

/**
 * Reads the configuration as Spring Boot's own loader does, which it stands before; of a
 * file that is no YAML it tells the name too.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class YamlFiles extends YamlPropertySourceLoader {

	@Override
	public List<PropertySource<?>> load(String name, Resource resource) throws IOException {
		try {
			return super.load(name, resource);
		}
		catch (MarkedYAMLException ex) {
			Mark mark = ex.getProblemMark();
			throw new ConfigurationProblem(
					"%s%s: %s; expected YAML.".formatted(resource.getDescription(),
							(mark != null) ? ", line " + (mark.getLine() + 1) : "", ex.getProblem()),
					"Correct the line; YAML is indented by spaces, never by tabs.");
		}
	}

}
