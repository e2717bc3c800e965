package dev.rollcall.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.wire.JsonMembers;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the body of a batch asks for.
 *
 * @param ids of which there may be too many to be objects
 * @param concurrency how many are to be fetched at once
 * @param mode as it was given; null for the view's own
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
record BatchRequest(long[] ids, int concurrency, @Nullable String mode) {
  static final int MAX_IDS = 100_000;

  /** Room for as many of the longest ids, and for some white space between them. */
  static final int BODY_LIMIT = 2 * 1024 * 1024;

  private static final int MAX_CONCURRENCY = 100;
  private static final int DEFAULT_CONCURRENCY = 10;
  private static final Set<String> MEMBERS = Set.of("ids", "concurrency", "mode");

  /**
   * Reads a body, and reports every fault at once: {@code {"ids":[…],"concurrency":n,"mode":"…"}},
   * the last two of which may be left out.
   */
  static BatchRequest read(JsonNode body) {
    JsonMembers members = JsonMembers.of(body, MEMBERS);
    int concurrency = (int) members.number("concurrency", 1, MAX_CONCURRENCY, DEFAULT_CONCURRENCY);
    String mode = members.optional("mode");
    long[] ids = members.ids("ids", MAX_IDS);
    members.refuseIfFaulty();
    return new BatchRequest(ids, concurrency, mode);
  }

  /** How many ids there are. */
  int size() {
    return ids.length;
  }

  /** One of the ids, from 0 on. */
  long id(int index) {
    return ids[index];
  }
}
