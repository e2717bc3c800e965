package dev.rollcall.config.sources;

import java.util.List;

/** Where the answers of a source come from: a record for each kind of source, with its own keys. */
public sealed interface SourceTarget permits HttpTarget, BusTarget {

  /** The kind as it stands in the list of views. */
  String kind();

  /** Whether nodes of Rollcall serve it to each other, at an address with the source's name. */
  boolean isServed();

  /** Whether asking twice is the same as asking once. */
  boolean repeatable();

  /** The URLs whose variables are needed for an attempt; none for a kind without URLs. */
  List<UrlTemplate> urls();

  /** Whether a URL is all that is asked, so that the answer depends on nothing else. */
  boolean answersByUrl();

  /**
   * Refuses a value that comes from code.
   *
   * @param source the section of the source
   */
  void check(String source);
}
