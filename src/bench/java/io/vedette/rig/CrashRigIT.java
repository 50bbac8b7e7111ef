package io.vedette.rig;

import java.nio.file.Path;
import java.util.Properties;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A short run of the rig on each database. */
class CrashRigIT {

	@ParameterizedTest
	@CsvSource({ "h2, 1", "postgres, 2" })
	void losesNothing(String database, String nodes) throws Exception {
		Properties properties = new Properties();
		properties.setProperty("rig.database", database);
		properties.setProperty("rig.nodes", nodes);
		properties.setProperty("rig.kills", "4");
		properties.setProperty("rig.faces", "1000");
		RigOptions options = RigOptions.of(properties);
		try (CrashRig rig = new CrashRig(options, Path.of("target/rig-" + database))) {
			RigReport report = rig.run();
			System.out.println(report);
			assertThat(report.isSound()).as("%s", report).isTrue();
		}
	}

}
