package io.vedette.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vedette.packaged.Load;
import io.vedette.packaged.Stage;
import io.vedette.standin.ProviderStandIn;

/** What the files target has left on disk. */
final class OutputFiles {

	private static final ObjectMapper JSON = new ObjectMapper();

	private final Path directory;

	private final Set<String> found;

	OutputFiles(Path directory) throws IOException {
		this.directory = directory;
		this.found = new HashSet<>(Stage.files(directory));
	}

	/** Reads the events of these jobs; each file counts once. */
	void readEvents(Collection<Load.Item> jobs, Received received) throws IOException {
		for (Load.Item job : jobs) {
			for (Map.Entry<String, String> event : job.events().entrySet()) {
				if (this.found.remove(event.getValue())) {
					received.take(event.getKey(), Files.readAllBytes(this.directory.resolve(event.getValue())));
				}
			}
		}
	}

	/** Reads the events of batches, whose files stand beside those of the providers. */
	void readBatches(Received received) throws IOException {
		for (String file : this.found.stream().filter((name) -> name.startsWith("batches/")).toList()) {
			byte[] body = Files.readAllBytes(this.directory.resolve(file));
			received.take(JSON.readTree(body).path("id").asText(), body);
			this.found.remove(file);
		}
	}

	/** Compares the pictures of these jobs, byte by byte. */
	Tally comparePictures(Collection<Load.Item> jobs, ProviderStandIn providers) throws IOException {
		Set<String> lost = new TreeSet<>();
		Set<String> broken = new TreeSet<>();
		int expected = 0;
		for (Load.Item job : jobs) {
			for (int number = 0; number < job.faces(); number++, expected++) {
				String file = job.pictures().get(number);
				if (!this.found.remove(file)) {
					lost.add(file);
				}
				else if (!Arrays.equals(Files.readAllBytes(this.directory.resolve(file)),
						providers.picture(job.provider(), job.jobId(), number))) {
					broken.add(file);
				}
			}
		}
		return new Tally("pictures", expected, expected - lost.size(), lost, 0, broken);
	}

	/** Files that were neither: halves, temporary ones, those of jobs nobody knows. */
	Set<String> others() {
		return this.found;
	}

}
