package io.vedette;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class VedetteApplication {

	public static void main(String[] args) {
		SpringApplication.run(VedetteApplication.class, args);
	}

}
