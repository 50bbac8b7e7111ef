package io.vedette.rig;

import java.util.Properties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RigOptionsTest {

	@Test
	void areAHundredKillsAndAHundredThousandFacesUnlessToldOtherwise() {
		RigOptions options = RigOptions.of(new Properties());
		assertThat(options.kills()).isEqualTo(100);
		assertThat(options.faces()).isEqualTo(100_000);
		assertThat(options.database()).isEqualTo(RigOptions.Store.H2);
		assertThat(options.nodes()).isEqualTo(1);
		assertThat(options.aim()).isEqualTo(RigOptions.Aim.ANY);
	}

	@ParameterizedTest
	@CsvSource({ "rig.kils,5", "rig.kills,many", "rig.kills,0", "rig.nodes,2", "rig.database,oracle", "rig.faces,99",
			"rig.seed,1.5", "rig.aim,poll" })
	void nameWhatIsWrongAndWhatThereIs(String name, String value) {
		Properties properties = new Properties();
		properties.setProperty(name, value);
		assertThatIllegalArgumentException().isThrownBy(() -> RigOptions.of(properties))
			.withMessageContainingAll(name + " \"" + value + "\": expected ", "-Drig.nodes=");
	}

}
