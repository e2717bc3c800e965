package dev.rollcall.config.sources;

import java.util.List;

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

  /** Which of them an attempt asks. */
  default Balancing balancing() {
    return Balancing.NONE;
  }

  /** Whether the answer depends on a URL alone. */
  default boolean answersByUrl() {
    return false;
  }

  /** Throws for a value from code that the source's section must not have. */
  void check(String section);
}
