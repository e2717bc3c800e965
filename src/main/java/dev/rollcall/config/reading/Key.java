package dev.rollcall.config.reading;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One setting, declared once: its path, its default and what it may be. A record reads its
 * component with it, and checks what code passes. The path joins sections and name by dots, as
 * {@code http.port}; below names that users choose it is relative, as {@code timeout}.
 *
 * @param <T> the type of the component
 */
public final class Key<T> {
  private interface Reader<T> {
    /** The value; null where it is left out or at fault. */
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

  public static <T> Key<T> of(String path, T fallback, Rule<T> rule) {
    return computed(path, () -> fallback, rule);
  }

  /** With a default that follows from the machine. */
  public static <T> Key<T> computed(String path, Supplier<T> fallback, Rule<T> rule) {
    Reader<T> reader = (section, name) -> section.find(name, rule).orElse(null);
    return new Key<>(path, fallback, rule.allowed(), reader, rule::check);
  }

  public static Key<Integer> integer(String path, int fallback, int least, int most) {
    return of(path, fallback, Rule.integer(least, most));
  }

  /** A duration, written as in the configuration: {@code 500ms}. */
  public static Key<Duration> duration(String path, String fallback, String least, String most) {
    Duration given = requireNonNull(Units.duration(fallback));
    return of(path, given, Rule.duration(least, most));
  }

  /** A size in bytes, written as in the configuration: {@code 16MiB}. */
  public static Key<Long> size(String path, String fallback, String least, String most) {
    return of(path, requireNonNull(Units.size(fallback)), Rule.size(least, most));
  }

  /** The size of what stands in one array. */
  public static Key<Integer> bytes(String path, String fallback, String least, String most) {
    int given = Math.toIntExact(requireNonNull(Units.size(fallback)));
    return of(path, given, Rule.bytes(least, most));
  }

  /** Without a default. */
  public static <T> Key<Optional<T>> optional(String path, Rule<T> rule) {
    return new Key<>(
        path,
        Optional::empty,
        rule.allowed(),
        (section, name) -> section.find(name, rule),
        (key, value) -> value.ifPresent(given -> rule.check(key, given)));
  }

  /** With several values; an empty list is a value as well. */
  public static <T> Key<List<T>> list(String path, List<T> fallback, ListRule<T> rule) {
    Reader<List<T>> reader =
        (section, name) -> {
          List<T> values = section.list(name, rule);
          return section.has(name) ? values : null;
        };
    return new Key<>(path, () -> fallback, rule.allowed(), reader, rule::check);
  }

  /** A section with names that users choose, and a value for each. */
  public static <T> Key<Map<String, T>> entries(String path, Rule<String> names, Rule<T> rule) {
    BiConsumer<String, Map<String, T>> check =
        (key, values) ->
            values.forEach(
                (name, value) -> {
                  names.check(key + "." + name, name);
                  rule.check(key + "." + name, value);
                });
    Reader<Map<String, T>> reader = (section, name) -> section.entries(name, names, rule);
    return new Key<>(path, Map::of, rule.allowed(), reader, check);
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

  /** The value in its section; the default where it is left out or at fault. */
  public T read(Section section) {
    T value = reader.read(section, name());
    return value == null ? fallback.get() : value;
  }

  /** As {@link #read(Section)}, with a default that follows from another key. */
  public T read(Section section, T other) {
    T value = reader.read(section, name());
    return value == null ? other : value;
  }

  /** Throws for a value from code, with the line that it would get in a file. */
  public void check(T value) {
    check.accept(path, value);
  }

  /** As {@link #check(Object)}, in a section with a chosen name. */
  public void check(String section, T value) {
    check.accept(section + "." + path, value);
  }
}
