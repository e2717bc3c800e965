package dev.rollcall.users;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.users.UserSchema.KeyColumn;
import dev.rollcall.wire.Cursor;
import dev.rollcall.wire.JsonInteger;
import dev.rollcall.wire.Parameters;
import io.vertx.core.buffer.Buffer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which users to list, in ascending order of id. The filters combine with AND.
 *
 * @param after only ids above this one; 0 for all
 * @param limit how many at most, 1 to {@link #MAX_LIMIT}
 * @param texts what is searched for, by {@link KeyColumn#parameter}, in the order of those; a
 *     beginning that is empty is the same as none
 * @param ids only these, at most {@link #MAX_IDS}; empty for any
 */
public record UserQuery(long after, int limit, SortedMap<String, String> texts, List<Long> ids) {
  static final Cursor CURSOR = new Cursor("u1:");
  public static final int MAX_LIMIT = 1000;
  public static final int DEFAULT_LIMIT = 100;
  public static final int MAX_IDS = 100;

  /**
   * So long a text may be that is searched for: no name has so many characters in any form, and
   * what Unicode needs for longer ones grows with the square of their length.
   */
  private static final int LONGEST_TEXT = 2000;

  /** What users can be searched by, in the order of the parameters' names. */
  private static final SortedMap<String, KeyColumn> SEARCHES =
      UserSchema.COLUMNS.stream()
          .filter(KeyColumn.class::isInstance)
          .map(KeyColumn.class::cast)
          .collect(
              Collectors.toMap(
                  KeyColumn::parameter, Function.identity(), (one, other) -> one, TreeMap::new));

  public static final Set<String> PARAMETERS =
      Stream.concat(Stream.of("limit", "after", "id"), SEARCHES.keySet().stream())
          .collect(Collectors.toUnmodifiableSet());

  public UserQuery {
    if (limit < 1 || limit > MAX_LIMIT || ids.size() > MAX_IDS) {
      throw new IllegalArgumentException("limit or ids out of range");
    }
    if (texts.values().stream().anyMatch(text -> text.length() > LONGEST_TEXT)) {
      throw new IllegalArgumentException("a text is too long");
    }
    SortedMap<String, String> given = new TreeMap<>(texts);
    given.entrySet().removeIf(text -> search(text).isPrefix() && text.getValue().isEmpty());
    texts = Collections.unmodifiableSortedMap(given);
    ids = List.copyOf(ids);
  }

  /**
   * A query by address and name.
   *
   * @param email whose address is this one, ignoring the case of ASCII letters; null for any
   * @param name whose name begins so, ignoring case; null for any
   */
  public UserQuery(
      long after, int limit, @Nullable String email, @Nullable String name, List<Long> ids) {
    this(
        after,
        limit,
        texts(
            parameter ->
                switch (parameter) {
                  case "email" -> email;
                  case "name" -> name;
                  default -> null;
                }),
        ids);
  }

  private static KeyColumn search(Map.Entry<String, String> text) {
    KeyColumn search = SEARCHES.get(text.getKey());
    if (search == null) {
      throw new IllegalArgumentException("users are not searched by " + text.getKey());
    }
    return search;
  }

  /** Reads a query whose {@code after} is a cursor; throws where parameters are at fault. */
  public static UserQuery read(Parameters given) {
    int limit = (int) given.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    long after = given.parsed("after", CURSOR::read, "is not a cursor of this list", 0);
    SortedMap<String, String> texts = texts(given::text);
    texts.forEach(
        (parameter, text) -> {
          if (text.length() > LONGEST_TEXT) {
            given.fault(parameter, "must have at most " + LONGEST_TEXT + " characters");
          }
        });
    List<Long> ids = given.numbers("id", 1, User.MAX_ID, MAX_IDS);
    given.refuseIfFaulty();
    return new UserQuery(after, limit, texts, ids);
  }

  /** The texts that are given for the searches. */
  private static SortedMap<String, String> texts(Function<String, @Nullable String> given) {
    SortedMap<String, String> texts = new TreeMap<>();
    for (String parameter : SEARCHES.keySet()) {
      String text = given.apply(parameter);
      if (text != null) {
        texts.put(parameter, text);
      }
    }
    return texts;
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
    for (Map.Entry<String, String> text : texts.entrySet()) {
      KeyColumn search = search(text);
      byte[] key = search.key().apply(text.getValue());
      Buffer above = search.isPrefix() ? Buffer.buffer(SearchKey.above(key)) : null;
      filters.add(new Filter(search.name(), Buffer.buffer(key), above));
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
    texts.forEach((name, value) -> append(text, name, value));
    ids.forEach(id -> text.append("&id=").append(id));
    return text.toString();
  }

  private static void append(StringBuilder to, String name, String value) {
    to.append('&').append(name).append('=');
    to.append(URLEncoder.encode(value, StandardCharsets.UTF_8));
  }

  /** This query for another node. */
  public ObjectNode encode() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("after", after).put("limit", limit);
    SEARCHES.keySet().forEach(name -> json.put(name, texts.get(name)));
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
        texts(name -> json.path(name).textValue()),
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
