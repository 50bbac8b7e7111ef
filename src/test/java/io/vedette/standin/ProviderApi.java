package io.vedette.standin;

import java.util.Optional;
import java.util.Set;

/** What distinguishes one provider's API from another's. */
interface ProviderApi {

	String API_KEY = "x-api-key";

	String AUTHORIZATION = "authorization";

	/** As in a job request. */
	String provider();

	/** Header names that may carry the key, one of them at a time. */
	Set<String> keyHeaders();

	/** File name extension: png or jpg. */
	String pictureFormat();

	/** Is it a poll of this provider? */
	boolean matches(Request request);

	Optional<String> jobId(Request poll);

	Reply answer(StandInJob job);

	Reply refused();

	Reply notFound();

	/** The media URL that this request submits, if it submits one. */
	Optional<String> submitted(Request request);

	/** Media was taken as a job of this id. */
	Reply accepted(String id);

	/** The poll names no job. */
	Reply invalid();

	StandInJob.Failure usualFailure();

	boolean failsWithoutFaces();

}
