package dev.rollcall.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.base.Failure;
import dev.rollcall.users.User;
import dev.rollcall.wire.Faults;
import dev.rollcall.wire.StrictJson;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a batch, and reports every fault at once.
 *
 * <p>One instance reads one body: it collects the faults on the way.
 */
final class BatchReader {

  static final int MAX_IDS = 100_000;

  /** Room for as many of the longest ids, and for some white space between them. */
  static final int BODY_LIMIT = 2 * 1024 * 1024;

  private static final int MAX_CONCURRENCY = 100;
  private static final int DEFAULT_CONCURRENCY = 10;
  private static final Set<String> MEMBERS = Set.of("ids", "concurrency", "mode");

  private final Faults faults = new Faults();

  private BatchReader() {}

  /**
   * Reads {@code {"ids":[…],"concurrency":n,"mode":"…"}}, the last two of which may be left out.
   */
  static BatchRequest read(JsonNode body) {
    return new BatchReader().request(body);
  }

  private BatchRequest request(JsonNode body) {
    if (!(body instanceof ObjectNode object)) {
      throw Failure.invalid("", "a JSON object is expected");
    }
    for (var member : object.properties()) {
      if (!MEMBERS.contains(member.getKey())) {
        faults.add(StrictJson.pointerTo(member.getKey()), "unknown member");
      }
    }
    int concurrency = concurrency(object.get("concurrency"));
    String mode = mode(object.get("mode"));
    long[] ids = ids(object.get("ids"));
    faults.refuseIfAny();
    return new BatchRequest(ids, concurrency, mode);
  }

  private long[] ids(@Nullable JsonNode given) {
    if (given == null) {
      faults.add("/ids", "is missing");
    } else if (!given.isArray()) {
      faults.add("/ids", "must be an array");
    } else if (given.isEmpty() || given.size() > MAX_IDS) {
      faults.add("/ids", "must have 1 to " + MAX_IDS + " ids");
    } else {
      return each(given);
    }
    return new long[0];
  }

  private long[] each(JsonNode given) {
    long[] ids = new long[given.size()];
    for (int i = 0; i < ids.length && !faults.isFull(); i++) {
      if (Faults.isInteger(given.get(i), 1, User.MAX_ID)) {
        ids[i] = given.get(i).longValue();
      } else {
        faults.add("/ids/" + i, Faults.notAnInteger(1, User.MAX_ID));
      }
    }
    return ids;
  }

  private int concurrency(@Nullable JsonNode given) {
    if (given == null) {
      return DEFAULT_CONCURRENCY;
    }
    if (!Faults.isInteger(given, 1, MAX_CONCURRENCY)) {
      faults.add("/concurrency", Faults.notAnInteger(1, MAX_CONCURRENCY));
    }
    return given.intValue();
  }

  private @Nullable String mode(@Nullable JsonNode given) {
    if (given != null && !given.isTextual()) {
      faults.add("/mode", "must be a string");
    }
    return given == null ? null : given.textValue();
  }
}
