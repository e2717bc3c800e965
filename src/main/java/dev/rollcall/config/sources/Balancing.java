package dev.rollcall.config.sources;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.time.Duration;

/**
 * Which of its URLs a source is asked at.
 *
 * @param failures in a row after which a URL is left out; 0 for never
 * @param time for how long
 */
public record Balancing(Policy policy, int failures, Duration time) {
  /** Where the first attempt goes; further ones of the same fetch go to other URLs. */
  public enum Policy {
    /** To the first URL that may be asked. */
    FIRST("first"),
    /** To each in turn. */
    ROUND_ROBIN("roundRobin"),
    /** To the one with the fewest attempts under way from this process. */
    LEAST_BUSY("leastBusy");

    private final String text;

    Policy(String text) {
      this.text = text;
    }

    private static Policy parse(String text) {
      for (Policy policy : values()) {
        if (policy.text.equalsIgnoreCase(text)) {
          return policy;
        }
      }
      throw new IllegalArgumentException(ALLOWED);
    }

    /** As it is written in the configuration. */
    @Override
    public String toString() {
      return text;
    }
  }

  /** All attempts begin at the first URL, and none is left out. */
  public static final Balancing NONE = new Balancing(Policy.FIRST, 0, Duration.ofSeconds(30));

  private static final String ALLOWED = "first, roundRobin or leastBusy";
  private static final String SECTION = "eject";

  static final Key<Policy> BALANCE =
      Key.of(
          "balance",
          Policy.FIRST,
          Rule.parsed(Policy::parse, policy -> true, Policy::toString, ALLOWED));

  static final Key<Integer> FAILURES = Key.integer(SECTION + ".failures", 0, 0, 1_000_000);
  static final Key<Duration> TIME = Key.duration(SECTION + ".time", "30s", "1ms", "1h");

  static Balancing from(Section source) {
    Section eject = source.section(SECTION);
    if (eject.has(TIME.name()) && !eject.has(FAILURES.name())) {
      eject.refuse(FAILURES.name(), "left out", FAILURES.allowed());
    }
    return new Balancing(BALANCE.read(source), FAILURES.read(eject), TIME.read(eject));
  }

  void check(String source) {
    FAILURES.check(source, failures);
    TIME.check(source, time);
  }
}
