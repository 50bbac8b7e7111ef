package io.vedette.intake;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.job.JobRequest;

/**
 * One job request as it came in, checked.
 *
 * @param number its place: array index, line or record, from 1
 * @param raw as it came in, or null where it could not be read
 * @param request what it asks for, or null if it is bad
 * @param problem what is wrong and what to do, or null if it is good
 */
public record Row(int number, JsonNode raw, JobRequest request, String problem) {
}
