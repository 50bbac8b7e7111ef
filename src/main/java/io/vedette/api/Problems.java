package io.vedette.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ResponseStatusException;

/** Answers a REST call that went wrong, as RFC 9457 problem details. */
@Component("problems")
public class Problems {

	private static final Logger logger = LoggerFactory.getLogger(Problems.class);

	private final ObjectMapper json;

	Problems(ObjectMapper json) {
		this.json = json;
	}

	static ProblemDetail of(HttpStatus status, String detail) {
		return ProblemDetail.forStatusAndDetail(status, detail);
	}

	static ResponseStatusException badRequest(String detail) {
		return new ResponseStatusException(HttpStatus.BAD_REQUEST, detail);
	}

	/**
	 * Makes the message the answer to a call that ended in this exception. Not
	 * {@code @ExchangeException}: that is the innermost cause, which may be any driver's.
	 */
	public void answer(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception exception, Message message)
			throws JsonProcessingException {
		ProblemDetail problem = problem(exception);
		message.removeHeaders("*");
		message.setHeader(Exchange.HTTP_RESPONSE_CODE, problem.getStatus());
		message.setHeader(Exchange.CONTENT_TYPE, "application/problem+json");
		message.setBody(this.json.writeValueAsString(problem));
	}

	private ProblemDetail problem(Throwable exception) {
		if (exception instanceof ErrorResponse response) {
			return response.getBody();
		}
		if (exception instanceof DataAccessException || exception instanceof TransactionException) {
			logger.warn("REST call answered with 503: the database does not answer ({})",
					exception.getClass().getSimpleName());
			return of(HttpStatus.SERVICE_UNAVAILABLE,
					"The database does not answer. Nothing was taken; send it again later.");
		}
		if (exception.getCause() != null) {
			return problem(exception.getCause());
		}
		logger.error("REST call answered with 500", exception);
		return of(HttpStatus.INTERNAL_SERVER_ERROR, "Vedette failed. Its log says why.");
	}

}
