package dev.rollcall.config.sources;

import static dev.rollcall.config.reading.Units.GIB;
import static dev.rollcall.config.reading.Units.MIB;

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

/**
 * One source: where an answer about a user comes from, and how it is asked.
 *
 * @param name as views name it
 * @param timeout for one attempt, waiting for a permit and a connection included
 * @param needs the sources whose answers it needs first
 * @param retries how often it is asked again where that may help
 * @param hedge when a second attempt is made beside the first one
 * @param breaker when it is left alone
 * @param inFlight attempts at once, on this node
 * @param waiting attempts that may wait for their turn beside them; default as inFlight
 * @param maxAge for how long an answer may be used again; zero for not at all
 * @param cacheLimit bytes of such answers
 * @param answerLimit bytes of one answer
 * @param target where its answers come from
 */
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

  private static final Key<Duration> TIMEOUT =
      Key.of("timeout", Duration.ofSeconds(1), SourceRules.TIME);
  private static final Key<List<String>> NEEDS =
      Key.list("needs", List.of(), new ListRule<>(SourceRules.NAME, 0, 100, "names of sources"));
  private static final Key<Integer> RETRIES = Key.of("retries", 0, Rule.integer(0, 10));
  private static final Key<Hedge> HEDGE =
      Key.of(
          "hedgeAfter",
          Hedge.NEVER,
          Rule.parsed(
              Hedge::parse,
              Hedge::isAllowed,
              Hedge::toString,
              "a duration from 1ms to 10m (units: ms, s, m), or a percentile from p50 to p99.9"));
  private static final Key<Integer> IN_FLIGHT = Key.of("inFlight", 100, Rule.integer(1, 100_000));
  private static final Key<Integer> WAITING = Key.of("waiting", 100, Rule.integer(0, 100_000));
  private static final Key<Duration> MAX_AGE =
      Key.of("maxAge", Duration.ZERO, Rule.duration(Duration.ZERO, Duration.ofDays(1)));
  private static final Key<Long> CACHE = Key.of("cacheLimit", 16 * MIB, Rule.size(0, 64 * GIB));
  private static final Key<Integer> ANSWER =
      Key.of("answerLimit", (int) MIB, Rule.bytes(1, 64 * MIB));

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
   * When a second attempt is made beside the first one, unless that has ended by then.
   *
   * @param after so much later; zero where it goes by the percentile
   * @param percentile later than so many percent of recent attempts took; 0 where it goes by the
   *     time
   */
  public record Hedge(Duration after, double percentile) {
    /** No second attempt. */
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

  /**
   * When a source is left alone.
   *
   * @param failures so many in a row open the breaker; 0 for a source that is always asked
   * @param openFor how long it is left alone, before one attempt tries again
   */
  public record Breaker(int failures, Duration openFor) {
    private static final Key<Integer> FAILURES =
        Key.of("breaker.failures", 10, Rule.integer(0, 1_000_000));
    private static final Key<Duration> OPEN_FOR =
        Key.of("breaker.openFor", Duration.ofSeconds(5), SourceRules.TIME);
  }

  /** A source; where it is at fault, what of it the rules across sources and views look at. */
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

  /** The kind that the keys are of; they may be of one alone. */
  private static SourceTarget target(Section section, Optional<String> address, HttpTarget http) {
    if (address.isPresent() && http.urls().isEmpty()) {
      return new BusTarget(address.get());
    }
    if (address.isPresent()) {
      section.refuse("both http and address", SourceRules.ONE_OF_THE_TWO);
    }
    return http;
  }

  /**
   * What stands for a source at fault, so that the rules across sources and views are looked at as
   * well: it has what those look at.
   */
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

  /** Only the name, since URLs and headers may hold secrets. */
  @Override
  public String toString() {
    return "SourceSettings[" + name + "]";
  }
}
