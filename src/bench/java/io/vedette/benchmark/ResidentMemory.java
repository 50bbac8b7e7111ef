package io.vedette.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What of a process is in memory, in kilobytes, as the kernel counts it. */
final class ResidentMemory {

	private ResidentMemory() {
	}

	static long of(ProcessHandle process) throws IOException {
		return Files.readAllLines(Path.of("/proc/%d/status".formatted(process.pid())))
			.stream()
			.filter((line) -> line.startsWith("VmRSS:"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")))
			.findFirst()
			.orElseThrow();
	}

}
