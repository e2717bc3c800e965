package dev.rollcall.config.sources;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import java.util.Optional;
import java.util.regex.Pattern;

/** A source that others serve at an address of the event bus. */
public record BusTarget(String address) implements SourceTarget {
  static final Key<Optional<String>> ADDRESS =
      Key.optional(
          "address",
          Rule.text(
              Pattern.compile("(?!rollcall\\.)[^\\s\\p{Z}\\p{C}]{1,255}"),
              "an event bus address of 1 to 255 characters, without spaces;"
                  + " those that begin with rollcall. are taken"));

  @Override
  public String kind() {
    return "bus";
  }

  @Override
  public boolean isServed() {
    return false;
  }

  @Override
  public void check(String section) {
    ADDRESS.check(section, Optional.of(address));
  }
}
