package io.vedette.delivery;

/** The gate of a picture's host lets it through neither now nor in a moment. */
class HostBusyException extends Exception {

	private final transient PictureHosts.Entry entry;

	HostBusyException(PictureHosts.Entry entry) {
		super("its host does not answer", null, false, false);
		this.entry = entry;
	}

	PictureHosts.Entry entry() {
		return this.entry;
	}

}
