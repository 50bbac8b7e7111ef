package io.vedette.provider;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vedette.config.VedetteProperties;
import io.vedette.http.ReplyJson;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How JSON is made of what a provider sends. */
@Configuration(proxyBeanMethods = false)
class ReplyReading {

	/** One element more than the most faces: enough to tell that there are too many. */
	@Bean(defaultCandidate = false)
	JsonMapper replyJson(VedetteProperties properties, Providers providers) {
		int most = properties.providers()
			.values()
			.stream()
			.mapToInt(VedetteProperties.Provider::maxFaces)
			.reduce(providers.defaults().maxFaces(), Math::max);
		return ReplyJson.mapper(new BoundedReplies(most + 1));
	}

}
