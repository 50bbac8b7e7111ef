package io.vedette.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.FileSystemResource;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DataDirectoryTest {

	@TempDir
	private Path directory;

	@Test
	void isMadeForNobodyElseToRead() throws IOException {
		open("made/data");
		assertThat(rights("made/data")).isEqualTo("rwx------");
	}

	@Test
	void keepsTheRightsThatItHas() throws IOException {
		Files.createDirectory(this.directory.resolve("data"),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
		open("data");
		assertThat(rights("data")).isEqualTo("rwxr-x---");
	}

	@Test
	void getsNoTraceOfTheDatabase() throws IOException, SQLException {
		try (Connection connection = DriverManager.getConnection(shippedUrl())) {
			try (Statement statement = connection.createStatement()) {
				assertThatThrownBy(() -> statement.execute("nonsense")).isInstanceOf(SQLException.class);
			}
		}
		try (Stream<Path> files = Files.walk(this.directory)) {
			assertThat(files.filter(Files::isRegularFile).map((file) -> file.getFileName().toString()))
				.containsExactly("vedette.mv.db");
		}
	}

	private String shippedUrl() throws IOException {
		Object url = new YamlPropertySourceLoader().load("config", new FileSystemResource("config/application.yaml"))
			.get(0)
			.getProperty("spring.datasource.url");
		return String.valueOf(url).replace("${vedette.data}", this.directory.toString());
	}

	private void open(String path) {
		MockEnvironment environment = new MockEnvironment().withProperty("vedette.data",
				this.directory.resolve(path).toString());
		new DataDirectory().postProcessEnvironment(environment, new SpringApplication());
	}

	private String rights(String path) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(this.directory.resolve(path)));
	}

}
