package dev.rollcall.config.sources;

import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.ListRule;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One source: where an answer about a user comes from, and how it is asked.
 *
 * @param rate how often it may be asked; empty for no bound
 * @param staleIfError for how long after it is fresh an answer may be used where a new one fails
 * @param staleWhileRevalidate for how long after that it may be used while a new one is fetched
 * @param fields what its value is made of, by the names in the value; none for the whole answer
 * @param erase how it is told to erase a user; empty where it is not told
 */
public record SourceSettings(
    String name,
    Duration timeout,
    List<String> needs,
    int retries,
    Hedge hedge,
    Breaker breaker,
    ConcurrencyLimit inFlight,
    int waiting,
    Optional<SourceRate> rate,
    Duration maxAge,
    Duration staleIfError,
    Duration staleWhileRevalidate,
    long cacheLimit,
    int answerLimit,
    Map<String, FieldPath> fields,
    SourceTarget target,
    Optional<EraseSettings> erase) {
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
  private static final Key<Integer> WAITING = Key.integer("waiting", 100, 0, 100_000);
  private static final Key<Duration> MAX_AGE = Key.duration("maxAge", "0s", "0s", "1d");
  private static final Key<Duration> STALE_IF_ERROR =
      Key.duration("staleIfError", "0s", "0s", "7d");
  private static final Key<Duration> STALE_WHILE_REVALIDATE =
      Key.duration("staleWhileRevalidate", "0s", "0s", "1d");
  private static final Key<Long> CACHE = Key.size("cacheLimit", "16MiB", "0", "64GiB");
  private static final Key<Integer> ANSWER = Key.bytes("answerLimit", "1MiB", "1", "64MiB");
  private static final Key<Map<String, FieldPath>> FIELDS =
      Key.entries("fields", FieldPath.NAME, FieldPath.RULE);

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
    ConcurrencyLimit.KEY.check(key, inFlight);
    WAITING.check(key, waiting);
    rate.ifPresent(given -> given.check(key));
    MAX_AGE.check(key, maxAge);
    STALE_IF_ERROR.check(key, staleIfError);
    STALE_WHILE_REVALIDATE.check(key, staleWhileRevalidate);
    CACHE.check(key, cacheLimit);
    ANSWER.check(key, answerLimit);
    FIELDS.check(key, fields);
    erase.ifPresent(given -> given.check(key));
    needs = List.copyOf(needs);
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));

    Faults faults = new Faults();
    SourceRules rules = new SourceRules(name, faults);
    if (target instanceof HttpTarget http) {
      rules.urls(http.urls(), needs);
      rules.headers(http.headers());
      rules.forward(http);
      rules.token(http);
    }
    rules.hedge(hedge, timeout);
    rules.fields(fields);
    rules.stale(target, maxAge, staleIfError, staleWhileRevalidate);
    if (target instanceof HttpTarget http) {
      rules.post(http, needs);
      rules.repeats(http, retries, hedge, maxAge);
      rules.trust(http);
    }
    faults.throwIfAny();
  }

  /** A source; a stand-in for one at fault, for the rules across sources and views. */
  public static Optional<SourceSettings> from(String name, Section section) {
    Duration timeout = TIMEOUT.read(section);
    ConcurrencyLimit inFlight = ConcurrencyLimit.KEY.read(section);
    SourceTarget target = SourceTarget.from(section);
    List<String> needs = NEEDS.read(section);
    Section breaker = section.section("breaker");
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
              WAITING.read(section, inFlight.most()),
              SourceRate.from(section),
              MAX_AGE.read(section),
              STALE_IF_ERROR.read(section),
              STALE_WHILE_REVALIDATE.read(section),
              CACHE.read(section),
              ANSWER.read(section),
              FIELDS.read(section),
              target,
              EraseSettings.from(section)));
    } catch (IllegalArgumentException acrossKeys) {
      section.refuse(acrossKeys);
      return Optional.of(standIn(name, timeout, needs));
    }
  }

  private static SourceSettings standIn(String name, Duration timeout, List<String> needs) {
    return new SourceSettings(
        name,
        timeout,
        needs,
        0,
        Hedge.NEVER,
        new Breaker(0, timeout),
        new ConcurrencyLimit(1, false),
        0,
        Optional.empty(),
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        0,
        1,
        Map.of(),
        new BusTarget("source.at.fault"),
        Optional.empty());
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
