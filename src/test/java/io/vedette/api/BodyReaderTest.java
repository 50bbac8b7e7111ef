package io.vedette.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.web.DelegatingServletInputStream;
import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

/** What no call from outside can time: a caller that goes while it is being refused. */
class BodyReaderTest {

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void endsTheCallOfACallerThatHasGoneBeforeItIsRefused(boolean timeout) throws IOException {
		AtomicBoolean left = new AtomicBoolean();
		MockHttpServletRequest request = new Silent();
		request.setAttribute(DoorValve.class.getName() + ".LEAVE", (Runnable) () -> left.set(true));
		BodyReader reader = new BodyReader(request, new MockHttpServletResponse(), (response, refusal) -> {
			throw new IOException("Broken pipe");
		});
		reader.read(null);
		MockAsyncContext async = (MockAsyncContext) request.getAsyncContext();
		if (timeout) {
			reader.onTimeout(new AsyncEvent(async));
		}
		else {
			reader.onError(new IOException("Connection reset by peer"));
		}
		assertThat(left).as("the rest of the body is left unread").isTrue();
		assertThat(request.isAsyncStarted()).as("the call goes on").isFalse();
	}

	/** A request whose body does not come. */
	private static final class Silent extends MockHttpServletRequest {

		Silent() {
			super("POST", "/jobs");
			setAsyncSupported(true);
		}

		@Override
		public ServletInputStream getInputStream() {
			return new DelegatingServletInputStream(InputStream.nullInputStream()) {

				@Override
				public void setReadListener(ReadListener listener) {
					// Nothing comes that it could be told of.
				}

			};
		}

	}

}
