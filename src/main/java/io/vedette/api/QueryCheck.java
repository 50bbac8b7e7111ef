package io.vedette.api;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.tomcat.util.http.InvalidParameterException;

import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses query parameters that a call doesn't take, and those given twice. */
@Component
class QueryCheck implements HandlerInterceptor {

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		if (handler instanceof HandlerMethod method && method.getBeanType().getPackage() == getClass().getPackage()) {
			Map<String, String[]> query = query(request);
			KnownNames.check("query parameter", query.keySet(), parameters(method.getMethod()));
			query.forEach(QueryCheck::checkOnce);
		}
		return true;
	}

	private static Map<String, String[]> query(HttpServletRequest request) {
		try {
			return request.getParameterMap();
		}
		catch (InvalidParameterException ex) {
			throw Problems.badRequest("query: broken percent-encoding; expected %XX. Encode it as UTF-8.");
		}
	}

	private static List<String> parameters(Method method) {
		return Arrays.stream(method.getParameters())
			.filter((parameter) -> parameter.isAnnotationPresent(RequestParam.class))
			.map(Parameter::getName)
			.toList();
	}

	private static void checkOnce(String name, String[] values) {
		if (values.length > 1) {
			throw Problems
				.badRequest("%s: given %d times; expected once. Correct the query.".formatted(name, values.length));
		}
	}

}
