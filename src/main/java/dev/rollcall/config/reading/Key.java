package dev.rollcall.config.reading;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One setting, declared once: where it stands, its default and what it may be. A record reads its
 * component by it, and checks with it what code passes.
 *
 * @param <T> the type of the component
 */
public final class Key<T> {

  private interface Reader<T> {
    /** The value, or null where it is left out or at fault. */
    @Nullable T read(Section section, String name);
  }

  private final String path;
  private final Supplier<T> fallback;
  private final String allowed;
  private final Reader<T> reader;
  private final BiConsumer<String, T> check;

  private Key(
      String path,
      Supplier<T> fallback,
      String allowed,
      Reader<T> reader,
      BiConsumer<String, T> check) {
    this.path = path;
    this.fallback = fallback;
    this.allowed = allowed;
    this.reader = reader;
    this.check = check;
  }

  /**
   * A key with one value.
   *
   * @param path its sections and its name, joined by dots, such as {@code http.port}; the name
   *     alone where the sections above it have names that users choose
   */
  public static <T> Key<T> of(String path, T fallback, Rule<T> rule) {
    return computed(path, () -> fallback, rule);
  }

  /** A key whose default follows from the machine. */
  public static <T> Key<T> computed(String path, Supplier<T> fallback, Rule<T> rule) {
    return new Key<>(
        path,
        fallback,
        rule.allowed(),
        (section, name) -> section.find(name, rule).orElse(null),
        rule::check);
  }

  /** A key without a default. */
  public static <T> Key<Optional<T>> optional(String path, Rule<T> rule) {
    return new Key<>(
        path,
        Optional::empty,
        rule.allowed(),
        (section, name) -> section.find(name, rule),
        (key, value) -> value.ifPresent(given -> rule.check(key, given)));
  }

  /** A key with several values; an empty list is a value as well. */
  public static <T> Key<List<T>> list(String path, List<T> fallback, ListRule<T> rule) {
    return new Key<>(
        path,
        () -> fallback,
        rule.allowed(),
        (section, name) -> {
          List<T> values = section.list(name, rule);
          return section.has(name) ? values : null;
        },
        rule::check);
  }

  /** A section with names that users choose and a value for each; none where it is left out. */
  public static <T> Key<Map<String, T>> entries(String path, Rule<String> names, Rule<T> rule) {
    return new Key<>(
        path,
        Map::of,
        rule.allowed(),
        (section, name) -> section.entries(name, names, rule),
        (key, values) ->
            values.forEach(
                (name, value) -> {
                  names.check(key + "." + name, name);
                  rule.check(key + "." + name, value);
                }));
  }

  public String path() {
    return path;
  }

  public String name() {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  public T fallback() {
    return fallback.get();
  }

  /** What it may be, as the last part of a fault's line. */
  public String allowed() {
    return allowed;
  }

  /** What stands in its section under its name; the default where nothing, or a fault, does. */
  public T read(Section section) {
    T value = reader.read(section, name());
    return value == null ? fallback.get() : value;
  }

  /** As {@link #read(Section)}, with a default that follows from another key. */
  public T read(Section section, T other) {
    T value = reader.read(section, name());
    return value == null ? other : value;
  }

  /**
   * Refuses a value that comes from code.
   *
   * @throws IllegalArgumentException with the line that the same value in a file would get
   */
  public void check(T value) {
    check.accept(path, value);
  }

  /** As {@link #check(Object)}, in a section whose name is free. */
  public void check(String section, T value) {
    check.accept(section + "." + path, value);
  }
}
