package io.vedette.delivery;

/**
 * That a target has an event.
 *
 * @param delivery what was delivered
 * @param note what is missing all the same, or null
 */
record Receipt(Delivery delivery, String note) {
}
