package io.vedette.rig;

import java.util.Set;
import java.util.stream.Stream;

/**
 * What became of the media URLs.
 *
 * @param requests how many were accepted or have a row
 * @param posts how often they were submitted, all in all
 * @param twice those that were submitted again although the first one may have been taken
 * @param lost those that have neither ended nor were listed as unconfirmed
 * @param decided how many were listed as unconfirmed, and how that was decided
 */
record Submitted(int requests, int posts, Set<String> twice, Set<String> lost, Decisions.Count decided) {

	boolean isSound() {
		return this.twice.isEmpty() && this.lost.isEmpty();
	}

	Stream<String> examples() {
		return Stream.concat(this.twice.stream().map("submitted twice: "::concat),
				this.lost.stream().map("submitted lost: "::concat));
	}

	@Override
	public String toString() {
		return """
				  requests      POSTs      twice       lost unconfirmed  attached submitted again  abandoned
				%,10d %,10d %,10d %,10d  %,10d %,9d %,15d %,10d""".formatted(this.requests, this.posts,
				this.twice.size(), this.lost.size(), this.decided.listed(), this.decided.attached(),
				this.decided.again(), this.decided.abandoned());
	}

}
