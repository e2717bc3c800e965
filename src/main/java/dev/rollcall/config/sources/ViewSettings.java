package dev.rollcall.config.sources;

import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.ListRule;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One view: the sources that are asked about a user, and how.
 *
 * @param modes that a caller may ask for; {@code mode} is always one of them
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

  public static final Rule<String> NAME =
      Rule.text(
          Pattern.compile(SourceRules.NAME_PATTERN),
          "a name for a view: 1 to 64 letters, digits, _ and -, the first a letter");

  private static final Rule<Mode> ONE_MODE = Rule.oneOf(Mode.class);
  private static final Key<Mode> MODE = Key.of("mode", Mode.ALL, ONE_MODE);
  private static final Key<List<Mode>> MODES =
      Key.list("modes", List.of(), new ListRule<>(ONE_MODE, 1, 4, "modes"));
  private static final Key<Duration> DEADLINE = Key.duration("deadline", "2s", "1ms", "10m");
  private static final Key<List<String>> SOURCES = Key.list("sources", List.of(), names(1));
  private static final Key<List<String>> REQUIRED = Key.list("required", List.of(), names(0));

  private static ListRule<String> names(int least) {
    return new ListRule<>(SourceRules.NAME, least, 100, "names of sources");
  }

  public ViewSettings {
    String key = "views." + name;
    NAME.check(key, name);
    DEADLINE.check(key, deadline);
    SOURCES.check(key, sources);
    REQUIRED.check(key, List.copyOf(required));
    Set<Mode> all = EnumSet.of(mode);
    all.addAll(modes);
    modes = Collections.unmodifiableSet(all);
    sources = List.copyOf(sources);
    required = Collections.unmodifiableSet(new LinkedHashSet<>(required));

    Faults faults = new Faults();
    for (String each : required) {
      if (!sources.contains(each)) {
        String allowed = "sources of this view, that is, among " + key + ".sources";
        faults.across(key + ".required", Faults.quoted(each), allowed, key + ".sources");
      }
    }
    faults.throwIfAny();
  }

  /** A view; for one at fault what the rules across sources and views need. */
  public static Optional<ViewSettings> from(String name, Section section) {
    Mode mode = MODE.read(section);
    Set<Mode> modes = EnumSet.of(mode);
    modes.addAll(MODES.read(section));
    Duration deadline = DEADLINE.read(section);
    List<String> sources = SOURCES.read(section);
    Set<String> required = new LinkedHashSet<>(REQUIRED.read(section));
    if (sources.isEmpty()) {
      if (!section.has(SOURCES.name())) {
        section.refuse(SOURCES.name(), "left out", SOURCES.allowed());
      }
      return Optional.empty();
    }
    try {
      return Optional.of(new ViewSettings(name, mode, modes, deadline, sources, required));
    } catch (IllegalArgumentException acrossKeys) {
      section.refuse(acrossKeys);
      return Optional.of(new ViewSettings(name, mode, modes, deadline, sources, Set.of()));
    }
  }
}
