package io.vedette.intake;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

import io.vedette.text.ForeignText;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.component.file.FileEndpoint;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Before each look into a directory, percent-encodes the names of the settled files that
 * Java can't open, because the platform's character set has no letters for their bytes,
 * or that would break a line of the log.
 */
class OddNames extends DefaultPollingConsumerPollStrategy {

	private static final Logger logger = LoggerFactory.getLogger(OddNames.class);

	private static final int UNDECODABLE = '\uFFFD';

	private static final int LONGEST = 200;

	private final Settling settling;

	OddNames(Settling settling) {
		this.settling = settling;
	}

	@Override
	public boolean begin(Consumer consumer, Endpoint endpoint) {
		FileEndpoint files = (FileEndpoint) endpoint;
		this.settling.sweep();
		try (DirectoryStream<Path> found = Files.newDirectoryStream(files.getFile().toPath(), OddNames::isOdd)) {
			for (Path file : found) {
				if (isMeant(file, files.getExcludePattern()) && this.settling.isSettled(file)) {
					rename(file);
				}
			}
		}
		catch (NoSuchFileException ex) {
			// The consumer makes the directory, or says that it can't.
		}
		catch (IOException ex) {
			logger.warn("{}: {}", ForeignText.printable(files.getFile().getPath()),
					ForeignText.printable(ex.toString()));
		}
		return true;
	}

	private static boolean isOdd(Path file) {
		return file.getFileName()
			.toString()
			.codePoints()
			.anyMatch((c) -> c == UNDECODABLE || Character.isISOControl(c));
	}

	private static boolean isMeant(Path file, Pattern excluded) {
		String name = file.getFileName().toString();
		return !name.startsWith(".") && (excluded == null || !excluded.matcher(name).matches());
	}

	private static void rename(Path file) throws IOException {
		String encoded = file.toUri().getRawPath().replaceFirst(".*/", "");
		String name = (encoded.length() <= LONGEST) ? encoded
				: "%08x-%s".formatted(encoded.hashCode(), encoded.substring(encoded.length() - LONGEST));
		try {
			Files.move(file, file.resolveSibling(name));
			logger.info("a file has a name that can't be used here; it is taken as \"{}\".", name);
		}
		catch (FileAlreadyExistsException ex) {
			logger.debug("a file waits for \"{}\" to be taken first.", name);
		}
	}

}
