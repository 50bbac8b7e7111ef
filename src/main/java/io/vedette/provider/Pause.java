package io.vedette.provider;

import java.time.Instant;

/**
 * Why a provider is not asked now.
 *
 * @param cause the class of the answers that it comes from: refused, unavailable or
 * throttled
 * @param reason what the provider said, or null
 * @param until when it is asked again: on the steady clock
 */
public record Pause(AnswerClass cause, Reason reason, Instant until) {
}
