package io.vedette.provider;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One detected face.
 *
 * @param faceId the provider's own id as text, the index where it gives none; unique
 * within the job
 * @param index place in the provider's list, from 0
 * @param imageUrl where its picture is, or null
 * @param mediaType the provider's own label, or null
 * @param details what the next API call needs to know about this face: a JSON object, or
 * null
 */
public record Face(String faceId, int index, String imageUrl, String mediaType, JsonNode details) {
}
