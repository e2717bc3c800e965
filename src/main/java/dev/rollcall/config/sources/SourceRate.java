package dev.rollcall.config.sources;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Section;
import java.util.Optional;

/**
 * How often a source may be asked by this process.
 *
 * @param perSecond attempts in the long run
 * @param burst how many at once, after a while without any
 */
public record SourceRate(int perSecond, int burst) {
  private static final String SECTION = "rate";
  private static final Key<Integer> PER_SECOND = Key.integer("rate.perSecond", 1, 1, 1_000_000);
  private static final Key<Integer> BURST = Key.integer("rate.burst", 1, 1, 1_000_000);

  /** Empty where it is left out; a burst that is left out is what a second brings. */
  static Optional<SourceRate> from(Section source) {
    Section section = source.section(SECTION);
    int perSecond = PER_SECOND.read(section);
    int burst = BURST.read(section, perSecond);
    if (section.has(PER_SECOND.name())) {
      return Optional.of(new SourceRate(perSecond, burst));
    }
    if (section.has(BURST.name())) {
      section.refuse(PER_SECOND.name(), "left out", PER_SECOND.allowed());
    }
    return Optional.empty();
  }

  void check(String source) {
    PER_SECOND.check(source, perSecond);
    BURST.check(source, burst);
  }
}
