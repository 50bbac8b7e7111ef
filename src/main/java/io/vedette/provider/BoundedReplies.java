package io.vedette.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.filter.FilteringParserDelegate;
import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.core.io.IOContext;

/**
 * Reads no more of an array than its first elements, so that a reply of a few megabytes
 * with a million faces in it does not become a million objects.
 */
final class BoundedReplies extends JsonFactory {

	private final transient TokenFilter bound;

	/** A reader of so many elements an array. */
	BoundedReplies(int elements) {
		this.bound = new FirstElements(elements);
	}

	@Override
	protected JsonParser _createParser(InputStream in, IOContext context) throws IOException {
		return bounded(super._createParser(in, context));
	}

	@Override
	protected JsonParser _createParser(Reader reader, IOContext context) throws IOException {
		return bounded(super._createParser(reader, context));
	}

	@Override
	protected JsonParser _createParser(byte[] data, int offset, int length, IOContext context) throws IOException {
		return bounded(super._createParser(data, offset, length, context));
	}

	@Override
	protected JsonParser _createParser(char[] data, int offset, int length, IOContext context, boolean recyclable)
			throws IOException {
		return bounded(super._createParser(data, offset, length, context, recyclable));
	}

	private JsonParser bounded(JsonParser parser) {
		return new FilteringParserDelegate(parser, this.bound, TokenFilter.Inclusion.INCLUDE_ALL_AND_PATH, true);
	}

	private static final class FirstElements extends TokenFilter {

		private final int elements;

		FirstElements(int elements) {
			this.elements = elements;
		}

		@Override
		public TokenFilter includeElement(int index) {
			return (index < this.elements) ? this : null;
		}

		@Override
		public boolean includeEmptyArray(boolean contentsFiltered) {
			return true;
		}

		@Override
		public boolean includeEmptyObject(boolean contentsFiltered) {
			return true;
		}

	}

}
