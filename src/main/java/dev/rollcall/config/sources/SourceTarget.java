package dev.rollcall.config.sources;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where the answers of a source come from: a record for each kind of source, with its own keys. */
public sealed interface SourceTarget permits HttpTarget, BusTarget {
  /** The kind as it stands in the list of views. */
  String kind();

  /** Whether nodes of Rollcall serve it to each other, at an address with the source's name. */
  boolean isServed();

  /** Whether asking twice is the same as asking once. */
  default boolean repeatable() {
    return true;
  }

  /** The URLs whose variables an attempt needs. */
  default List<UrlTemplate> urls() {
    return List.of();
  }

  /** The body whose variables an attempt needs. */
  default Optional<BodyTemplate> body() {
    return Optional.empty();
  }

  /** The distinct variables of all that an attempt sends. */
  default Set<String> variables() {
    Set<String> variables = new LinkedHashSet<>();
    urls().forEach(url -> variables.addAll(url.variables()));
    body().ifPresent(body -> variables.addAll(body.variables()));
    return variables;
  }

  /** The names of the caller's headers that go along, in lower case. */
  default List<String> forward() {
    return List.of();
  }

  /** Which of them an attempt asks. */
  default Balancing balancing() {
    return Balancing.NONE;
  }

  /** Whether the answer depends on the values of the variables alone. */
  default boolean answersByValues() {
    return false;
  }

  /** Throws for a value from code that the source's section must not have. */
  void check(String section);
}
