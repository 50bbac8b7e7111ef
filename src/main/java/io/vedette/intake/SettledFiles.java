package io.vedette.intake;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import io.vedette.text.ForeignText;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileEndpoint;
import org.apache.camel.component.file.GenericFileFilter;
import org.apache.camel.component.file.GenericFileOperationFailedException;
import org.apache.camel.component.file.GenericFileOperations;
import org.apache.camel.component.file.strategy.GenericFileExpressionRenamer;
import org.apache.camel.component.file.strategy.GenericFileRenameProcessStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the files of a directory that are written to their end, and moves each out of it
 * if it is still what was read; otherwise it stays, to be taken again. Camel's own read
 * locks wait for one file while others are ready, and put lock files beside them.
 */
class SettledFiles extends GenericFileRenameProcessStrategy<File> implements GenericFileFilter<File> {

	private static final Logger logger = LoggerFactory.getLogger(SettledFiles.class);

	private final Settling settling;

	SettledFiles(Settling settling, GenericFileExpressionRenamer<File> mover) {
		this.settling = settling;
		setCommitRenamer(mover);
	}

	@Override
	public boolean accept(GenericFile<File> file) {
		try {
			return file.isDirectory() || this.settling.isSettled(file.getFile().toPath());
		}
		catch (InvalidPathException ex) {
			// A name that the platform's character set has no letters for: OddNames gives
			// it another.
			return false;
		}
	}

	@Override
	public void commit(GenericFileOperations<File> operations, GenericFileEndpoint<File> endpoint, Exchange exchange,
			GenericFile<File> file) throws Exception {
		Path path = file.getFile().toPath();
		if (this.settling.hasChanged(path)) {
			logger.info("{}: changed or gone while it was read; what is there is read again.",
					ForeignText.printable(file.getFileName()));
			operations.releaseRetrievedFileResources(exchange);
			return;
		}
		try {
			super.commit(operations, endpoint, exchange, file);
		}
		catch (GenericFileOperationFailedException ex) {
			this.settling.leaveAlone(path,
					"taken, but can't be moved away. Move it, and let Vedette write where it is and where it goes.");
		}
	}

}
