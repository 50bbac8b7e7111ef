package io.vedette.provider;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vedette.config.VedetteProperties;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How {@code readReply} makes JSON of what a provider sends. */
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
		return mapper(most + 1);
	}

	/** As lenient as JSON can be read without a guess. */
	static JsonMapper mapper(int elements) {
		return JsonMapper.builder(new BoundedReplies(elements))
			.enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_SINGLE_QUOTES,
					JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS,
					JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER,
					JsonReadFeature.ALLOW_LEADING_ZEROS_FOR_NUMBERS, JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS,
					JsonReadFeature.ALLOW_TRAILING_COMMA)
			.build();
	}

}
