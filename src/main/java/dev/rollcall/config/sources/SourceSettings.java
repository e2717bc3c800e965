package dev.rollcall.config.sources;

import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.ListRule;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import dev.rollcall.config.reading.Units;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One source: where an answer about a user comes from, and how it is asked. */
public record SourceSettings(
    String name,
    Duration timeout,
    List<String> needs,
    int retries,
    Hedge hedge,
    Breaker breaker,
    int inFlight,
    int waiting,
    Duration maxAge,
    long cacheLimit,
    int answerLimit,
    SourceTarget target) {
  private static final Key<Duration> TIMEOUT = Key.duration("timeout", "1s", "1ms", "10m");
  private static final Key<List<String>> NEEDS =
      Key.list("needs", List.of(), new ListRule<>(SourceRules.NAME, 0, 100, "names of sources"));
  private static final Key<Integer> RETRIES = Key.integer("retries", 0, 0, 10);
  private static final Key<Hedge> HEDGE =
      Key.of(
          "hedgeAfter",
          Hedge.NEVER,
          Rule.parsed(
              Hedge::parse,
              Hedge::isAllowed,
              Hedge::toString,
              "a duration from 1ms to 10m (units: ms, s, m), or a percentile from p50 to p99.9"));
  private static final Key<Integer> IN_FLIGHT = Key.integer("inFlight", 100, 1, 100_000);
  private static final Key<Integer> WAITING = Key.integer("waiting", 100, 0, 100_000);
  private static final Key<Duration> MAX_AGE = Key.duration("maxAge", "0s", "0s", "1d");
  private static final Key<Long> CACHE = Key.size("cacheLimit", "16MiB", "0", "64GiB");
  private static final Key<Integer> ANSWER = Key.bytes("answerLimit", "1MiB", "1", "64MiB");
  private static final String NOT_ON_THE_BUS = "left out with an address, since it is about HTTP";

  public SourceSettings {
    String key = "sources." + name;
    SourceRules.NAME.check(key, name);
    target.check(key);
    TIMEOUT.check(key, timeout);
    NEEDS.check(key, needs);
    RETRIES.check(key, retries);
    if (!hedge.equals(Hedge.NEVER)) {
      HEDGE.check(key, hedge);
    }
    Breaker.FAILURES.check(key, breaker.failures());
    Breaker.OPEN_FOR.check(key, breaker.openFor());
    IN_FLIGHT.check(key, inFlight);
    WAITING.check(key, waiting);
    MAX_AGE.check(key, maxAge);
    CACHE.check(key, cacheLimit);
    ANSWER.check(key, answerLimit);
    needs = List.copyOf(needs);

    Faults faults = new Faults();
    SourceRules rules = new SourceRules(name, faults);
    if (target instanceof HttpTarget http) {
      rules.urls(http.urls(), needs);
      rules.headers(http.headers());
    }
    rules.hedge(hedge, timeout);
    if (target instanceof HttpTarget http) {
      rules.repeats(http.method(), retries, hedge, maxAge);
      rules.trust(http);
    }
    faults.throwIfAny();
  }

  /**
   * When a second attempt is made beside the first one.
   *
   * @param after the first attempt's start; zero with a percentile
   * @param percentile of the time that recent attempts took; 0 with a time
   */
  public record Hedge(Duration after, double percentile) {
    public static final Hedge NEVER = new Hedge(Duration.ZERO, 0);

    private static final Pattern PERCENTILE = Pattern.compile("p([0-9]{2}(\\.[0-9])?)");

    private static @Nullable Hedge parse(String text) {
      Matcher percentile = PERCENTILE.matcher(text);
      if (percentile.matches()) {
        return new Hedge(Duration.ZERO, Double.parseDouble(text.substring(1)));
      }
      Duration after = Units.duration(text);
      return after == null ? null : new Hedge(after, 0);
    }

    private boolean isAllowed() {
      return percentile == 0
          ? SourceRules.TIME.allows(after)
          : after.isZero() && 50 <= percentile && percentile <= 99.9;
    }

    /** As it is written in the configuration. */
    @Override
    public String toString() {
      if (equals(NEVER)) {
        return "never";
      }
      return percentile == 0
          ? Units.show(after)
          : "p" + BigDecimal.valueOf(percentile).stripTrailingZeros().toPlainString();
    }
  }

  /** The circuit breaker. */
  public record Breaker(int failures, Duration openFor) {
    private static final Key<Integer> FAILURES = Key.integer("breaker.failures", 10, 0, 1_000_000);
    private static final Key<Duration> OPEN_FOR =
        Key.duration("breaker.openFor", "5s", "1ms", "10m");
  }

  /** A source; a stand-in for one at fault, for the rules across sources and views. */
  public static Optional<SourceSettings> from(String name, Section section) {
    Duration timeout = TIMEOUT.read(section);
    int inFlight = IN_FLIGHT.read(section);
    List<UrlTemplate> urls = HttpTarget.URLS.read(section);
    List<String> needs = NEEDS.read(section);
    Section breaker = section.section("breaker");
    if (section.has(BusTarget.ADDRESS.name()) && !section.has(HttpTarget.URLS.name())) {
      HttpTarget.OWN_KEYS.stream()
          .map(Key::name)
          .filter(section::has)
          .forEach(key -> section.refuse(key, SourceRules.GIVEN, NOT_ON_THE_BUS));
    }
    Optional<String> address = BusTarget.ADDRESS.read(section);
    HttpTarget.Method method = HttpTarget.METHOD.read(section);
    Map<String, String> headers = HttpTarget.HEADERS.read(section);
    try {
      return Optional.of(
          new SourceSettings(
              name,
              timeout,
              needs,
              RETRIES.read(section),
              HEDGE.read(section),
              new Breaker(Breaker.FAILURES.read(breaker), Breaker.OPEN_FOR.read(breaker)),
              inFlight,
              WAITING.read(section, inFlight),
              MAX_AGE.read(section),
              CACHE.read(section),
              ANSWER.read(section),
              target(
                  section,
                  address,
                  new HttpTarget(
                      urls,
                      method,
                      headers,
                      HttpTarget.HTTP2.read(section, !urls.isEmpty() && urls.get(0).tls()),
                      HttpTarget.TRUST.read(section)))));
    } catch (IllegalArgumentException acrossKeys) {
      section.refuse(acrossKeys);
      return Optional.of(standIn(name, timeout, needs));
    }
  }

  /** The target of the kind that the keys are of. */
  private static SourceTarget target(Section section, Optional<String> address, HttpTarget http) {
    if (address.isPresent() && http.urls().isEmpty()) {
      return new BusTarget(address.get());
    }
    if (address.isPresent()) {
      section.refuse("both http and address", SourceRules.ONE_OF_THE_TWO);
    }
    return http;
  }

  private static SourceSettings standIn(String name, Duration timeout, List<String> needs) {
    return new SourceSettings(
        name,
        timeout,
        needs,
        0,
        Hedge.NEVER,
        new Breaker(0, timeout),
        1,
        0,
        Duration.ZERO,
        0,
        1,
        new BusTarget("source.at.fault"));
  }

  /** Whether asking twice is the same as asking once. */
  public boolean repeatable() {
    return target.repeatable();
  }

  /** Without URLs and headers, which may hold secrets. */
  @Override
  public String toString() {
    return "SourceSettings[" + name + "]";
  }
}
