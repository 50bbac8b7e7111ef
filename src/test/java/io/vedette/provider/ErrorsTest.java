package io.vedette.provider;

import java.io.IOException;

import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ErrorsTest {

	@Test
	void makesAnExceptionOfAnError() {
		assertThatIllegalStateException().isThrownBy(() -> Errors.asExceptions((Exchange exchange) -> {
			throw new OutOfMemoryError("for the test");
		}).process(null)).withCauseInstanceOf(OutOfMemoryError.class);
		assertThatIllegalStateException().isThrownBy(() -> Errors.asExceptions(() -> {
			throw new StackOverflowError();
		})).withCauseInstanceOf(StackOverflowError.class);
	}

	@Test
	void leavesAnExceptionAsItIs() {
		assertThatIOException().isThrownBy(() -> Errors.asExceptions((Exchange exchange) -> {
			throw new IOException("for the test");
		}).process(null)).withMessage("for the test");
	}

}
