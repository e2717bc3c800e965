package dev.rollcall.sources;

import dev.rollcall.wire.Addresses;
import io.vertx.core.MultiMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Headers of a caller that go along to a source. What was asked with some is shared and kept only
 * among those with equal ones. Immutable.
 */
public final class ForwardedHeaders {
  public static final ForwardedHeaders NONE = new ForwardedHeaders(Map.of());

  private final Map<String, String> values;

  private ForwardedHeaders(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Those of some names that there are.
   *
   * @param names in lower case
   * @param headers the value of a header; null for none
   */
  static ForwardedHeaders of(List<String> names, Function<String, @Nullable String> headers) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : names) {
      String value = headers.apply(name);
      if (value != null) {
        values.put(name, value);
      }
    }
    return values.isEmpty() ? NONE : new ForwardedHeaders(values);
  }

  /** Those of some names that another node sent along in the headers of its message. */
  public static ForwardedHeaders ofMessage(List<String> names, MultiMap headers) {
    return names.isEmpty() ? NONE : of(names, name -> headers.get(Addresses.FORWARDED + name));
  }

  /** Gives each name and value. */
  public void forEach(BiConsumer<String, String> action) {
    if (!values.isEmpty()) {
      values.forEach(action);
    }
  }

  /** About how many bytes they take. */
  int size() {
    int size = 0;
    for (String value : values.values()) {
      size += value.length();
    }
    return size;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ForwardedHeaders forwarded && forwarded.values.equals(values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** The names alone, since values may be credentials. */
  @Override
  public String toString() {
    return "ForwardedHeaders" + values.keySet();
  }
}
