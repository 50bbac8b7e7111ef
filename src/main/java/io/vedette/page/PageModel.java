package io.vedette.page;

import java.net.URI;
import java.util.Optional;

import io.vedette.api.Caller;
import io.vedette.api.Problem;
import io.vedette.api.Problems;
import io.vedette.api.Sessions;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.servlet.ModelAndView;

/** What each screen shows beside its own, and what it shows instead. */
@Lazy
@ControllerAdvice(basePackages = "io.vedette.page")
@Order(Ordered.HIGHEST_PRECEDENCE)
class PageModel {

	private final Sessions sessions;

	private final Problems problems;

	private final Texts texts;

	PageModel(Sessions sessions, Problems problems, Texts texts) {
		this.sessions = sessions;
		this.problems = problems;
		this.texts = texts;
	}

	/** The answer to an act: the screen that shows what has become of it. */
	static ResponseEntity<Void> show(String path) {
		return ResponseEntity.status(HttpStatus.SEE_OTHER).location(URI.create(path)).build();
	}

	@ModelAttribute
	void addTo(Model model, HttpServletRequest request) {
		String query = request.getQueryString();
		model.addAttribute("texts", this.texts);
		model.addAttribute("self", request.getRequestURI() + ((query != null) ? "?" + query : ""));
		Optional.ofNullable(Caller.of(request)).ifPresent((caller) -> {
			model.addAttribute("caller", caller);
			model.addAttribute("formToken", this.sessions.formToken(request));
			model.addAttribute("loggedIn", this.sessions.areWanted());
		});
	}

	/** In the words of the API. */
	@ExceptionHandler
	ModelAndView fault(Exception exception, HttpServletRequest request, Model model) {
		ResponseEntity<Object> answer = this.problems.fault(exception);
		if (answer == null) {
			return new ModelAndView();
		}
		addTo(model, request);
		model.addAttribute("problem", answer.getBody());
		ModelAndView view = new ModelAndView("problem", model.asMap());
		view.setStatus(answer.getStatusCode());
		return view;
	}

	/** The same where a screen can still be shown around it. */
	String detail(Exception exception) {
		return ((Problem) this.problems.fault(exception).getBody()).detail();
	}

}
