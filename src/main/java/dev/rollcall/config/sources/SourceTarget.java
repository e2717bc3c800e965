package dev.rollcall.config.sources;

import dev.rollcall.config.reading.Section;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where the answers of a source come from: a record for each kind of source, with its own keys. */
public sealed interface SourceTarget permits HttpTarget, BusTarget {
  /** The target of the kind that the keys of a source are of. */
  static SourceTarget from(Section section) {
    List<UrlTemplate> urls = HttpTarget.URLS.read(section);
    if (section.has(BusTarget.ADDRESS.name()) && !section.has(HttpTarget.URLS.name())) {
      HttpTarget.OWN_KEYS.stream()
          .filter(section::has)
          .forEach(key -> section.refuse(key, SourceRules.GIVEN, SourceRules.NOT_ON_THE_BUS));
    }
    Optional<String> address = BusTarget.ADDRESS.read(section);
    HttpTarget http = HttpTarget.from(section, urls);
    if (address.isPresent() && urls.isEmpty()) {
      return new BusTarget(address.get());
    }
    if (address.isPresent()) {
      section.refuse("both http and address", SourceRules.ONE_OF_THE_TWO);
    }
    return http;
  }

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
