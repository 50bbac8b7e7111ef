package io.vedette.api;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import org.springframework.web.util.DisconnectedClientHelper;

/** Answers a REST call that went wrong with problem details. */
@RestControllerAdvice
public class Problems extends ResponseEntityExceptionHandler {

	private static final Logger logger = LoggerFactory.getLogger(Problems.class);

	private final Registration registration;

	Problems(Registration registration) {
		this.registration = registration;
	}

	static ResponseStatusException badRequest(String detail) {
		return new ResponseStatusException(HttpStatus.BAD_REQUEST, detail);
	}

	/** The reply with this status and detail. */
	static ResponseEntity<Object> answer(HttpStatusCode status, HttpHeaders headers, String detail) {
		return ResponseEntity.status(status)
			.headers(headers)
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.body(Problem.of(status, detail));
	}

	static ResponseEntity<Object> answer(HttpStatusCode status, String detail) {
		return answer(status, HttpHeaders.EMPTY, detail);
	}

	static ResponseEntity<Object> notServing() {
		return answer(HttpStatus.SERVICE_UNAVAILABLE, header(HttpHeaders.RETRY_AFTER, "5"),
				"Vedette is starting or stopping. Send it again later.");
	}

	static HttpHeaders header(String name, String value) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(name, value);
		return headers;
	}

	/** A fault of ours, or of what we need; its cause decides. */
	@ExceptionHandler
	public ResponseEntity<Object> fault(Exception exception) {
		if (DisconnectedClientHelper.isClientDisconnectedException(exception)) {
			return null;
		}
		for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
			if (cause instanceof ErrorResponse response) {
				return answer(response.getStatusCode(), response.getHeaders(), response.getBody().getDetail());
			}
			if (cause instanceof DataAccessException || cause instanceof TransactionException) {
				logger.warn("REST call answered with 503: the database does not answer ({})",
						cause.getClass().getSimpleName());
				return answer(HttpStatus.SERVICE_UNAVAILABLE,
						"The database does not answer. Nothing was taken; send it again later.");
			}
		}
		if (!this.registration.isOpen()) {
			return notServing();
		}
		logger.error("REST call answered with 500", exception);
		return answer(HttpStatus.INTERNAL_SERVER_ERROR, "Vedette failed. Its log says why.");
	}

	@Override
	protected ResponseEntity<Object> handleNoResourceFoundException(NoResourceFoundException exception,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return answer(status,
				"path: not known here; expected /jobs, /deliveries, /targets, /providers or another one of /v3/api-docs. Correct the path.");
	}

	@Override
	protected ResponseEntity<Object> handleHttpRequestMethodNotSupported(
			HttpRequestMethodNotSupportedException exception, HttpHeaders headers, HttpStatusCode status,
			WebRequest request) {
		return answer(status, headers, "method: not known at this path; expected one of %s. Correct the method."
			.formatted(exception.getSupportedHttpMethods()));
	}

	/** Spring's own problem details would name the path of the request, as it came. */
	@Override
	protected ResponseEntity<Object> createResponseEntity(Object body, HttpHeaders headers, HttpStatusCode status,
			WebRequest request) {
		String detail = (body instanceof ProblemDetail problem) ? problem.getDetail() : null;
		return answer(status, headers, detail);
	}

}
