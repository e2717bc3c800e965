package dev.rollcall.users;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.wire.Cursor;
import dev.rollcall.wire.JsonInteger;
import dev.rollcall.wire.Parameters;
import io.vertx.core.buffer.Buffer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which users to list, in ascending order of id. The filters combine with AND.
 *
 * @param after only ids above this one; 0 for all
 * @param limit how many at most, 1 to {@link #MAX_LIMIT}
 * @param email whose address is this one, ignoring the case of ASCII letters; null for any
 * @param name whose name begins so, ignoring case; null for any, as is the empty beginning
 * @param ids only these, at most {@link #MAX_IDS}; empty for any
 */
public record UserQuery(
    long after, int limit, @Nullable String email, @Nullable String name, List<Long> ids) {
  static final Cursor CURSOR = new Cursor("u1:");
  public static final int MAX_LIMIT = 1000;
  public static final int DEFAULT_LIMIT = 100;
  public static final int MAX_IDS = 100;
  public static final Set<String> PARAMETERS = Set.of("limit", "after", "email", "name", "id");

  public UserQuery {
    if (limit < 1 || limit > MAX_LIMIT || ids.size() > MAX_IDS) {
      throw new IllegalArgumentException("limit or ids out of range");
    }
    name = name == null || name.isEmpty() ? null : name;
    ids = List.copyOf(ids);
  }

  /** Reads a query whose {@code after} is a cursor; throws where parameters are at fault. */
  public static UserQuery read(Parameters given) {
    int limit = (int) given.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    long after = given.parsed("after", CURSOR::read, "is not a cursor of this list", 0);
    String email = given.text("email");
    String name = given.text("name");
    List<Long> ids = given.numbers("id", 1, User.MAX_ID, MAX_IDS);
    given.refuseIfFaulty();
    return new UserQuery(after, limit, email, name, ids);
  }

  /** All users above an id. */
  public static UserQuery all(long after, int limit) {
    return new UserQuery(after, limit, null, null, List.of());
  }

  /**
   * A condition on a key column of {@link UserSchema}.
   *
   * @param key the value, or a prefix of it
   * @param above for a prefix, the first key above those that have it; else null
   */
  public record Filter(String column, Buffer key, @Nullable Buffer above) {}

  /** The conditions on other columns than the id, all of which must hold. */
  public List<Filter> filters() {
    List<Filter> filters = new ArrayList<>();
    if (email != null) {
      filters.add(new Filter("email_key", Buffer.buffer(EmailKey.of(email)), null));
    }
    if (name != null) {
      byte[] key = SearchKey.of(name);
      filters.add(new Filter("name_key", Buffer.buffer(key), Buffer.buffer(SearchKey.above(key))));
    }
    return filters;
  }

  /** The prefix of names where it is the only condition; else null. */
  public @Nullable Filter onlyPrefix() {
    List<Filter> filters = filters();
    boolean isOnly = filters.size() == 1 && ids.isEmpty();
    return isOnly && filters.get(0).above() != null ? filters.get(0) : null;
  }

  /** The parameters of a URL for this query from a cursor on. */
  public String parameters(String cursor) {
    StringBuilder text = new StringBuilder("limit=").append(limit).append("&after=").append(cursor);
    append(text, "email", email);
    append(text, "name", name);
    ids.forEach(id -> text.append("&id=").append(id));
    return text.toString();
  }

  private static void append(StringBuilder to, String name, @Nullable String value) {
    if (value != null) {
      to.append('&').append(name).append('=');
      to.append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
  }

  /** This query for another node. */
  public ObjectNode encode() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("after", after).put("limit", limit);
    json.put("email", email).put("name", name);
    ids.forEach(json.putArray("ids")::add);
    return json;
  }

  /** Reads what {@link #encode} wrote; throws a {@link RuntimeException} for anything else. */
  public static UserQuery decode(JsonNode json) {
    List<Long> ids = new ArrayList<>();
    json.required("ids").forEach(id -> ids.add(id.longValue()));
    return new UserQuery(
        number(json, "after"),
        (int) number(json, "limit"),
        json.required("email").textValue(),
        json.required("name").textValue(),
        ids);
  }

  private static long number(JsonNode json, String name) {
    JsonNode number = json.required(name);
    if (!JsonInteger.isWithin(number, Long.MIN_VALUE, Long.MAX_VALUE)) {
      throw new IllegalArgumentException(name + " is a number");
    }
    return JsonInteger.of(number);
  }
}
