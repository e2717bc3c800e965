package dev.rollcall.config;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One view: what is asked for a user, and how the answers are composed.
 *
 * @param name as in the path
 * @param mode how it is fetched where the caller does not say
 * @param modes the modes that a caller may ask for; {@code mode} is always one of them
 * @param deadline by when the whole answer is there; default 2s
 * @param sources the names of what it asks, in the order of {@code sequential}
 * @param required those of them without which there is no answer; of no effect in {@code any} and
 *     {@code race}
 */
public record ViewSettings(
    String name,
    Mode mode,
    Set<Mode> modes,
    Duration deadline,
    List<String> sources,
    Set<String> required) {

  /** How the sources of a view are composed. */
  public enum Mode {
    /** All at once, and all their answers. */
    ALL,
    /** All at once, until the first that is good. */
    ANY,
    /** All at once, until the first, good or bad. */
    RACE,
    /** One after the other. */
    SEQUENTIAL
  }

  private static final Rule<Mode> MODE = Rule.oneOf(Mode.class);
  private static final Rule<String> NAME = Rule.text("the name of a source");
  private static final Rule<Duration> DEADLINE =
      Rule.duration(Duration.ofMillis(1), Duration.ofMinutes(10));

  static ViewSettings from(String name, Section section) {
    Mode mode = section.get("mode", Mode.ALL, MODE);
    Set<Mode> modes = EnumSet.of(mode);
    modes.addAll(section.list("modes", MODE));
    return new ViewSettings(
        name,
        mode,
        modes,
        section.get("deadline", Duration.ofSeconds(2), DEADLINE),
        List.copyOf(section.list("sources", NAME)),
        Set.copyOf(section.list("required", NAME)));
  }
}
