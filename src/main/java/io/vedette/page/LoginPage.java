package io.vedette.page;

import io.vedette.api.Sessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.context.annotation.Lazy;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** Where there are tokens, their bearers log in with them. */
@Lazy
@Controller
class LoginPage {

	private final Sessions sessions;

	LoginPage(Sessions sessions) {
		this.sessions = sessions;
	}

	@GetMapping("/login")
	Object login() {
		return this.sessions.areWanted() ? new ModelAndView("login") : PageModel.show("/");
	}

	@PostMapping("/login")
	Object login(@RequestParam(defaultValue = "") String token, HttpServletRequest request,
			HttpServletResponse response) {
		return this.sessions.open(token.trim(), request).<Object>map((cookie) -> {
			response.addHeader(HttpHeaders.SET_COOKIE, cookie);
			return PageModel.show("/");
		}).orElseGet(LoginPage::wrong);
	}

	private static ModelAndView wrong() {
		ModelAndView view = new ModelAndView("login", HttpStatus.UNAUTHORIZED);
		view.addObject("problem",
				"token: missing or wrong; expected one of vedette.intake-token or vedette.intake-tokens. Correct it.");
		return view;
	}

	@PostMapping("/logout")
	ResponseEntity<Void> logout(HttpServletRequest request, HttpServletResponse response) {
		response.addHeader(HttpHeaders.SET_COOKIE, this.sessions.end(request));
		return PageModel.show("/login");
	}

}
