package io.vedette.delivery;

/** What a delivery's row says of it. */
public enum DeliveryStatus {

	/** It waits for an attempt, or one is under way. */
	PENDING,
	/** The target has it. */
	DELIVERED,
	/** It is a dead letter: it is not tried again until somebody replays it. */
	DEAD

}
