package io.vedette.api;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

/** A request whose body was read already, up to its limit. */
class ReadRequest extends HttpServletRequestWrapper {

	private static final String BODY = ReadRequest.class.getName() + ".BODY";

	private final InputStream body;

	/** The fields of a form, or null where it is none. */
	private final Map<String, String[]> form;

	private ReadRequest(HttpServletRequest request, byte[] body) {
		super(request);
		this.body = new ByteArrayInputStream(body);
		this.form = Forms.isForm(request) ? Forms.read(body) : null;
	}

	/** Keeps the body with the request, for {@link #of}. */
	static void keep(HttpServletRequest request, byte[] body) {
		request.setAttribute(BODY, body);
	}

	/** The request with the body that was kept, or just the request where none was. */
	static HttpServletRequest of(HttpServletRequest request) {
		byte[] body = (byte[]) request.getAttribute(BODY);
		return (body != null) ? new ReadRequest(request, body) : request;
	}

	/**
	 * Those behind see it for the first time: what measures calls would wait for the end
	 * of one that it had seen begin.
	 */
	@Override
	public DispatcherType getDispatcherType() {
		return DispatcherType.REQUEST;
	}

	/** Tomcat finds no form in a body that was read already. */
	@Override
	public Map<String, String[]> getParameterMap() {
		return (this.form != null) ? this.form : super.getParameterMap();
	}

	@Override
	public String[] getParameterValues(String name) {
		return getParameterMap().get(name);
	}

	@Override
	public String getParameter(String name) {
		String[] values = getParameterValues(name);
		return (values != null) ? values[0] : null;
	}

	@Override
	public Enumeration<String> getParameterNames() {
		return Collections.enumeration(getParameterMap().keySet());
	}

	/** JSON is UTF-8, whatever the Content-Type says (RFC 8259, section 8.1). */
	@Override
	public BufferedReader getReader() {
		return new BufferedReader(new InputStreamReader(this.body, StandardCharsets.UTF_8));
	}

	@Override
	public ServletInputStream getInputStream() {
		return new ServletInputStream() {

			@Override
			public int read() throws IOException {
				return ReadRequest.this.body.read();
			}

			@Override
			public int read(byte[] buffer, int offset, int length) throws IOException {
				return ReadRequest.this.body.read(buffer, offset, length);
			}

			@Override
			public boolean isFinished() {
				return false;
			}

			@Override
			public boolean isReady() {
				return true;
			}

			@Override
			public void setReadListener(ReadListener listener) {
				throw new UnsupportedOperationException("the body was read already");
			}

		};
	}

}
