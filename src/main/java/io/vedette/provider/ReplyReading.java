package io.vedette.provider;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vedette.config.VedetteProperties;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How {@code read-reply} makes JSON of what a provider sends. */
@Configuration(proxyBeanMethods = false)
class ReplyReading {

	/** One element more than the most faces: enough to tell that there are too many. */
	@Bean(defaultCandidate = false)
	JsonMapper replyMapper(VedetteProperties properties, Providers providers) {
		int most = properties.providers()
			.values()
			.stream()
			.mapToInt(VedetteProperties.Provider::maxFaces)
			.reduce(providers.defaults().maxFaces(), Math::max);
		return JsonMapper.builder(new BoundedReplies(most + 1)).build();
	}

}
