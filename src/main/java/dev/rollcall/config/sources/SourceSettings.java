package dev.rollcall.config.sources;

import static dev.rollcall.config.reading.Units.MIB;

import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import dev.rollcall.config.reading.Units;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One source: where an answer about a user comes from.
 *
 * @param name as views name it
 * @param http the URLs that each give the answer; empty where it is on the event bus
 * @param address the event bus address that gives the answer; null where it is asked over HTTP
 * @param method how it is asked over HTTP; default get
 * @param headers sent with each request
 * @param timeout for one attempt, waiting for a permit and a connection included; default 1s
 * @param needs the sources whose answers it needs first
 * @param retries how often it is asked again where that may help; default 0
 * @param hedge when a second attempt is made beside the first one; default never
 * @param breaker when it is left alone
 * @param inFlight attempts at once, on this node; default 100
 * @param waiting attempts that may wait for their turn beside them; default as inFlight
 * @param maxAge for how long an answer may be used again; default 0s, that is, not at all
 * @param cacheLimit bytes of such answers; default 16MiB
 * @param answerLimit bytes of one answer; default 1MiB
 * @param http2 whether HTTP/2 is spoken; over TLS, whether it is offered. Default: over TLS
 * @param trust a PEM file of the authorities that are trusted instead of the JVM's
 */
public record SourceSettings(
    String name,
    List<UrlTemplate> http,
    @Nullable String address,
    Method method,
    Map<String, String> headers,
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
    boolean http2,
    Optional<Path> trust) {

  public SourceSettings {
    String key = "sources." + name;
    SourceRules.NAME.check(key, name);
    if (!http.isEmpty()) {
      SourceRules.URLS.check(key + ".http", http);
    }
    if (address != null) {
      SourceRules.ADDRESS.check(key + ".address", address);
    }
    headers.forEach(
        (header, value) -> {
          SourceRules.HEADER.check(key + ".headers." + header, header);
          SourceRules.HEADER_VALUE.check(key + ".headers." + header, value);
        });
    SourceRules.TIME.check(key + ".timeout", timeout);
    SourceRules.NEEDS.check(key + ".needs", needs);
    SourceRules.RETRIES.check(key + ".retries", retries);
    if (!hedge.equals(Hedge.NEVER)) {
      SourceRules.HEDGE.check(key + ".hedgeAfter", hedge);
    }
    SourceRules.FAILURES.check(key + ".breaker.failures", breaker.failures());
    SourceRules.TIME.check(key + ".breaker.openFor", breaker.openFor());
    SourceRules.IN_FLIGHT.check(key + ".inFlight", inFlight);
    SourceRules.WAITING.check(key + ".waiting", waiting);
    SourceRules.AGE.check(key + ".maxAge", maxAge);
    SourceRules.CACHE.check(key + ".cacheLimit", cacheLimit);
    SourceRules.ANSWER.check(key + ".answerLimit", (long) answerLimit);
    http = List.copyOf(http);
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    needs = List.copyOf(needs);

    Faults faults = new Faults();
    SourceRules rules = new SourceRules(name, faults);
    rules.origin(http, address);
    rules.variables(http, needs);
    rules.headers(headers);
    rules.hedge(hedge, timeout);
    rules.repeats(method, retries, hedge, maxAge);
    rules.trust(trust, http);
    rules.bus(address, http, method, headers, http2, trust);
    faults.throwIfAny();
  }

  /** What kind of source it is. */
  public enum Kind {
    /** Asked over HTTP by the nodes that serve it. */
    HTTP,
    /** At an address of the event bus that others own. */
    BUS;

    private final String json = name().toLowerCase(Locale.ROOT);

    /** As it stands in the list of views. */
    public String json() {
      return json;
    }

    /** Whether nodes of Rollcall serve it to each other, at an address with its name. */
    public boolean isServed() {
      return this != BUS;
    }
  }

  /** How a source is asked over HTTP. */
  public enum Method {
    GET,
    /** With {@code {"id":42,"needs":{…}}} as its body. Never repeated once it was sent. */
    POST
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
  public record Breaker(int failures, Duration openFor) {}

  public static Optional<SourceSettings> from(String name, Section section) {
    Duration timeout = section.get("timeout", Duration.ofSeconds(1), SourceRules.TIME);
    int inFlight = section.get("inFlight", 100, SourceRules.IN_FLIGHT);
    List<UrlTemplate> http = section.list("http", SourceRules.URLS);
    List<String> needs = section.list("needs", SourceRules.NEEDS);
    Section breaker = section.section("breaker");
    if (section.has("address") && !section.has("http")) {
      SourceRules.HTTP_ONLY.stream()
          .filter(section::has)
          .forEach(key -> section.refuse(key, SourceRules.GIVEN, SourceRules.NOT_ON_THE_BUS));
    }
    try {
      return Optional.of(
          new SourceSettings(
              name,
              http,
              section.find("address", SourceRules.ADDRESS).orElse(null),
              section.get("method", Method.GET, Rule.oneOf(Method.class)),
              section.entries("headers", SourceRules.HEADER, SourceRules.HEADER_VALUE),
              timeout,
              needs,
              section.get("retries", 0, SourceRules.RETRIES),
              section.get("hedgeAfter", Hedge.NEVER, SourceRules.HEDGE),
              new Breaker(
                  breaker.get("failures", 10, SourceRules.FAILURES),
                  breaker.get("openFor", Duration.ofSeconds(5), SourceRules.TIME)),
              inFlight,
              section.get("waiting", inFlight, SourceRules.WAITING),
              section.get("maxAge", Duration.ZERO, SourceRules.AGE),
              section.get("cacheLimit", 16 * MIB, SourceRules.CACHE),
              Math.toIntExact(section.get("answerLimit", MIB, SourceRules.ANSWER)),
              section.get("http2", !http.isEmpty() && http.get(0).tls(), Rule.bool()),
              section.find("trust", Rule.path("the path of a PEM file"))));
    } catch (IllegalArgumentException acrossKeys) {
      section.refuse(acrossKeys);
      return Optional.of(standIn(name, timeout, needs));
    }
  }

  /**
   * What stands for a source at fault, so that the rules across sources and views are looked at as
   * well: it has what those look at.
   */
  private static SourceSettings standIn(String name, Duration timeout, List<String> needs) {
    return new SourceSettings(
        name,
        List.of(),
        "source.at.fault",
        Method.GET,
        Map.of(),
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
        false,
        Optional.empty());
  }

  /** Its kind, which follows from the key that says where its answers come from. */
  public Kind kind() {
    return address == null ? Kind.HTTP : Kind.BUS;
  }

  /** Whether asking twice is the same as asking once. */
  public boolean repeatable() {
    return address != null || method == Method.GET;
  }

  /** Only the name, since URLs and headers may hold secrets. */
  @Override
  public String toString() {
    return "SourceSettings[" + name + "]";
  }
}
