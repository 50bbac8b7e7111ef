package io.vedette.api;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import io.vedette.VedetteApplication;
import jakarta.annotation.Nullable;
import org.springdoc.core.converters.ModelConverterRegistrar;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationCustomizer;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.HttpStatus;

/**
 * The OpenAPI description of the REST API, made from the controllers and their Javadoc
 * when it is asked for: what holds for all calls is said here.
 */
@Configuration(proxyBeanMethods = false)
class ApiDocs {

	private static final String PROBLEM = "#/components/schemas/" + Problem.class.getSimpleName();

	private static final String BEARER = "bearer";

	/**
	 * What a record is called that a caller sends: members that may be null may be left
	 * out.
	 */
	private static final String REQUEST = "Request";

	/** Query parameters mean the same at every call; they are read as text. */
	private static final Map<String, Parameter> PARAMETERS = Map.of("limit",
			parameter("How many at most.", new Schema<Integer>().minimum(BigDecimal.ONE).maximum(new BigDecimal(1000)),
					"integer"),
			"after", parameter("The next of the page before.", new Schema<String>(), "string"), "since",
			parameter("Only from this moment on.", new Schema<String>().format("date-time"), "string"), "until",
			parameter("Only before this moment.", new Schema<String>().format("date-time"), "string"), "provider",
			parameter("The provider's name.", new Schema<String>(), "string"), "jobId",
			parameter("The provider's id of the job, percent-encoded.", new Schema<String>(), "string"), "requestId",
			parameter("Id of the request that the job came of.", new Schema<String>(), "string"));

	private final Map<String, Class<?>> records = new ConcurrentHashMap<>();

	/** The beans that make the description wait until somebody asks for it. */
	@Bean
	static BeanFactoryPostProcessor apiDocsOnDemand() {
		return (beans) -> Stream.of(beans.getBeanDefinitionNames())
			.map(beans::getBeanDefinition)
			.filter((bean) -> madeBy(bean).startsWith("org.springdoc."))
			.forEach((bean) -> bean.setLazyInit(true));
	}

	private static String madeBy(BeanDefinition bean) {
		return Stream.of(bean.getBeanClassName(), bean.getFactoryBeanName())
			.filter((name) -> name != null)
			.findFirst()
			.orElse("");
	}

	/** With it comes the registrar, which nobody else would ask for. */
	@Bean
	@Lazy
	OpenAPI openApi(ModelConverterRegistrar registrar) {
		String version = Optional.ofNullable(VedetteApplication.class.getPackage().getImplementationVersion())
			.orElse("unpackaged");
		return new OpenAPI()
			.info(new Info().title("Vedette")
				.version(version)
				.description("Watches detection jobs until they finish, and hands on every face.")
				.license(new License().name("Apache-2.0").url("https://www.apache.org/licenses/LICENSE-2.0")))
			// Springdoc would name the host that the caller has named.
			.servers(List.of(new Server().url("/")))
			.components(new Components().addSecuritySchemes(BEARER,
					new SecurityScheme().type(SecurityScheme.Type.HTTP)
						.scheme(BEARER)
						.description("A token of the configuration, where there is one.")))
			.security(List.of(new SecurityRequirement(), new SecurityRequirement().addList(BEARER)));
	}

	/** Remembers the records behind the schemas. */
	@Bean
	@Lazy
	ModelConverter records() {
		return (type, context, chain) -> {
			Class<?> known = Json.mapper().constructType(type.getType()).getRawClass();
			if (known.isRecord()) {
				this.records.put(known.getSimpleName(), known);
			}
			return chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
		};
	}

	/** Methods of the same name are told apart by what they are about, as in listJobs. */
	@Bean
	@Lazy
	GlobalOperationCustomizer names() {
		return (operation, method) -> operation
			.operationId(method.getMethod().getName() + method.getBeanType().getSimpleName().replaceFirst("Api$", ""))
			.tags(null)
			.description(operation.getDescription().replaceAll("\\s+", " "));
	}

	@Bean
	@Lazy
	GlobalOpenApiCustomizer everyCall() {
		return (api) -> {
			ModelConverters.getInstance(true).read(Problem.class).forEach(api.getComponents()::addSchemas);
			this.records.forEach((name, type) -> Optional.ofNullable(api.getComponents().getSchemas().get(name))
				.ifPresent((schema) -> describe(schema, type)));
			api.getPaths().values().forEach(ApiDocs::describe);
		};
	}

	/**
	 * A member of an answer is always there, if only as null, unless its record says
	 * otherwise; one of a request may be left out where it may be null.
	 */
	private static void describe(Schema<?> schema, Class<?> type) {
		boolean request = type.getSimpleName().endsWith(REQUEST);
		schema.setAdditionalProperties(request ? false : null);
		for (RecordComponent member : type.getRecordComponents()) {
			boolean nullable = member.isAnnotationPresent(Nullable.class);
			if (!member.getAccessor().isAnnotationPresent(JsonInclude.class) && !(request && nullable)) {
				schema.addRequiredItem(member.getName());
			}
			if (nullable) {
				schema.getProperties().computeIfPresent(member.getName(), (name, property) -> nullable(property));
			}
		}
	}

	private static Schema<?> nullable(Schema<?> schema) {
		if (schema.get$ref() != null) {
			return new JsonSchema().oneOf(List.of(schema, new JsonSchema().types(Set.of("null"))));
		}
		if (schema.getEnum() != null) {
			schema.addEnumItemObject(null);
		}
		return schema;
	}

	private static void describe(PathItem path) {
		path.readOperations().forEach((operation) -> {
			List<Parameter> parameters = Optional.ofNullable(operation.getParameters()).orElse(List.of());
			parameters.stream().filter((one) -> PARAMETERS.containsKey(one.getName())).forEach((one) -> {
				Parameter known = PARAMETERS.get(one.getName());
				one.description(Optional.ofNullable(one.getDescription()).orElse(known.getDescription()))
					.schema(known.getSchema());
			});
			problem(operation, HttpStatus.BAD_REQUEST, "What the call says makes no sense.");
			problem(operation, HttpStatus.UNAUTHORIZED, "The token is missing or wrong.");
			problem(operation, HttpStatus.FORBIDDEN, "The caller may not do this.");
			if (parameters.stream().anyMatch((one) -> "path".equals(one.getIn()))) {
				problem(operation, HttpStatus.NOT_FOUND, "There is nothing of that name.");
			}
			if (parameters.stream()
				.anyMatch((one) -> "path".equals(one.getIn()) && "requestId".equals(one.getName()))) {
				problem(operation, HttpStatus.CONFLICT, "The job is not such that this can be decided.");
			}
			if (operation.getRequestBody() != null) {
				problem(operation, HttpStatus.REQUEST_TIMEOUT, "The body came too slowly.");
				problem(operation, HttpStatus.CONTENT_TOO_LARGE, "The body is too long.");
				problem(operation, HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The body is no JSON, or does not say so.");
			}
			problem(operation, HttpStatus.INTERNAL_SERVER_ERROR, "Vedette failed; its log says why.");
			problem(operation, HttpStatus.SERVICE_UNAVAILABLE,
					"Vedette starts or stops, or its database does not answer. Nothing was done: send it again later.");
		});
	}

	private static void problem(Operation operation, HttpStatus status, String description) {
		String code = String.valueOf(status.value());
		ApiResponse response = operation.getResponses().computeIfAbsent(code, (key) -> new ApiResponse());
		if (response.getDescription() == null || response.getDescription().equals(status.getReasonPhrase())) {
			response.setDescription(description);
		}
		if (response.getContent() == null) {
			response.setContent(new Content());
		}
		response.getContent()
			.addMediaType(org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE,
					new MediaType().schema(new Schema<>().$ref(PROBLEM)));
	}

	private static Parameter parameter(String description, Schema<?> schema, String type) {
		schema.addType(type);
		return new Parameter().description(description).schema(schema);
	}

}
