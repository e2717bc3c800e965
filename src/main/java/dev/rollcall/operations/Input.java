package dev.rollcall.operations;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request may say beside its path. Over HTTP parameters stand in the query, and the body is
 * the body; over the event bus both are members of the message, as is what the path says.
 *
 * @param parameters their names
 * @param types the media types of the body over HTTP; none where there is no body
 * @param part the member of a message that holds the body; null where the message itself is the
 *     body, without the id
 */
public record Input(Set<String> parameters, List<String> types, @Nullable String part) {

  private static final String JSON_TYPE = "application/json";

  /** Nothing. */
  static final Input NOTHING = with(Set.of());

  /** A body of JSON. */
  static final Input JSON = new Input(Set.of(), List.of(JSON_TYPE), null);

  /** A merge patch (RFC 7396). */
  static final Input MERGE_PATCH =
      new Input(Set.of(), List.of("application/merge-patch+json", JSON_TYPE), "patch");

  /** Lines of JSON. */
  static final Input LINES = new Input(Set.of(), List.of("application/x-ndjson"), null);

  /** Parameters, and no body. */
  static Input with(Set<String> parameters) {
    return new Input(parameters, List.of(), null);
  }

  /** Whether there is a body. */
  public boolean hasBody() {
    return !types.isEmpty();
  }
}
