package io.vedette.api;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers with problem details where Tomcat refuses a request or a filter fails. */
@RestController
class ErrorPage implements ErrorController {

	@RequestMapping("/error")
	ResponseEntity<Object> error(
			@RequestAttribute(name = RequestDispatcher.ERROR_STATUS_CODE, required = false) Integer code,
			HttpServletResponse response) {
		if (response.isCommitted()) {
			return null;
		}
		HttpStatusCode status = (code != null) ? HttpStatusCode.valueOf(code) : HttpStatus.NOT_FOUND;
		return Problems.answer(status, status.is5xxServerError() ? "Vedette failed. Its log says why."
				: "The request can't be answered. Correct its method, path or headers.");
	}

}
