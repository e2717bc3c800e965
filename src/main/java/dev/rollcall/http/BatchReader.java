package dev.rollcall.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Fault;
import dev.rollcall.users.User;
import dev.rollcall.wire.StrictJson;
import java.util.ArrayList;
import java.util.List;
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

  /** A hostile body may hold any number of faults; the answer stays small. */
  private static final int MAX_FAULTS = 20;

  private final List<Fault> faults = new ArrayList<>();

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
        fault(StrictJson.pointerTo(member.getKey()), "unknown member");
      }
    }
    int concurrency = concurrency(object.get("concurrency"));
    String mode = mode(object.get("mode"));
    long[] ids = ids(object.get("ids"));
    if (!faults.isEmpty()) {
      throw Failure.invalid(faults);
    }
    return new BatchRequest(ids, concurrency, mode);
  }

  private long[] ids(@Nullable JsonNode given) {
    if (given == null) {
      fault("/ids", "is missing");
    } else if (!given.isArray()) {
      fault("/ids", "must be an array");
    } else if (given.isEmpty() || given.size() > MAX_IDS) {
      fault("/ids", "must have 1 to " + MAX_IDS + " ids");
    } else {
      return each(given);
    }
    return new long[0];
  }

  private long[] each(JsonNode given) {
    long[] ids = new long[given.size()];
    for (int i = 0; i < ids.length && faults.size() < MAX_FAULTS; i++) {
      if (isWithin(given.get(i), User.MAX_ID)) {
        ids[i] = given.get(i).longValue();
      } else {
        fault("/ids/" + i, "must be an integer from 1 to " + User.MAX_ID);
      }
    }
    return ids;
  }

  private int concurrency(@Nullable JsonNode given) {
    if (given == null) {
      return DEFAULT_CONCURRENCY;
    }
    if (!isWithin(given, MAX_CONCURRENCY)) {
      fault("/concurrency", "must be an integer from 1 to " + MAX_CONCURRENCY);
    }
    return given.intValue();
  }

  private @Nullable String mode(@Nullable JsonNode given) {
    if (given != null && !given.isTextual()) {
      fault("/mode", "must be a string");
    }
    return given == null ? null : given.textValue();
  }

  private static boolean isWithin(JsonNode number, long most) {
    return number.isIntegralNumber()
        && number.canConvertToLong()
        && number.longValue() >= 1
        && number.longValue() <= most;
  }

  private void fault(String pointer, String detail) {
    if (faults.size() < MAX_FAULTS) {
      faults.add(new Fault(pointer, detail));
    }
  }
}
