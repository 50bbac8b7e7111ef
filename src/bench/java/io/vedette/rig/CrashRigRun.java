package io.vedette.rig;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A run as long as the properties {@code rig.*} want it: {@code ./mvnw -Prig verify}, see
 * docs/reliability.md.
 */
class CrashRigRun {

	@Test
	void losesNothing() throws Exception {
		RigOptions options = RigOptions.of(System.getProperties());
		try (CrashRig rig = new CrashRig(options, Path.of("target/rig-" + options.database()))) {
			RigReport report = rig.run();
			System.out.println(report);
			assertThat(report.isSound()).as("%s", report).isTrue();
		}
	}

}
