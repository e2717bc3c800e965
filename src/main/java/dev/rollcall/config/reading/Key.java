package dev.rollcall.config.reading;

import java.util.function.Supplier;

/**
 * One setting, declared once: where it stands, what it is where it is left out, and what it may be.
 * A record reads its component by it, and checks with it what code passes.
 *
 * @param path the names of its sections and its own, joined by dots, such as {@code http.port}
 * @param fallback gives the default, which may follow from the machine
 * @param rule what it may be
 */
public record Key<T>(String path, Supplier<T> fallback, Rule<T> rule) {

  /** A key whose default is the same everywhere. */
  public static <T> Key<T> of(String path, T fallback, Rule<T> rule) {
    return new Key<>(path, () -> fallback, rule);
  }

  /** What stands in its section under its name; the default where nothing, or a fault, does. */
  public T read(Section section) {
    return section.get(name(), fallback.get(), rule);
  }

  /**
   * Refuses a value that comes from code.
   *
   * @throws IllegalArgumentException with the line that the same value in a file would get
   */
  public void check(T value) {
    rule.check(path, value);
  }

  private String name() {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
