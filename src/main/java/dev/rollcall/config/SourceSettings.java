package dev.rollcall.config;

import static dev.rollcall.config.Units.GIB;
import static dev.rollcall.config.Units.MIB;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

  private static final Rule<Duration> TIMEOUT =
      Rule.duration(Duration.ofMillis(1), Duration.ofMinutes(10));
  private static final Rule<Duration> AGE = Rule.duration(Duration.ZERO, Duration.ofDays(1));
  private static final Rule<Integer> COUNT = Rule.integer(1, 1_000_000);
  private static final Rule<Long> CACHE = Rule.size(0, GIB);
  private static final Rule<Long> ANSWER = Rule.size(1, 64 * MIB);
  private static final Rule<String> TEXT = Rule.text("text");
  private static final Rule<UrlTemplate> URL =
      Rule.parsed(UrlTemplate::parse, "an http or https URL");
  private static final Rule<Hedge> HEDGE =
      Rule.parsed(SourceSettings::hedge, "a duration, or a percentile such as p95");

  private static @Nullable Hedge hedge(String text) {
    if (text.startsWith("p")) {
      return new Hedge(Duration.ZERO, Double.parseDouble(text.substring(1)));
    }
    Duration after = Units.duration(text);
    return after == null ? null : new Hedge(after, 0);
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
  }

  /**
   * When a source is left alone.
   *
   * @param failures so many in a row open the breaker; 0 for a source that is always asked
   * @param openFor how long it is left alone, before one attempt tries again
   */
  public record Breaker(int failures, Duration openFor) {}

  static SourceSettings from(String name, Section section) {
    Duration timeout = section.get("timeout", Duration.ofSeconds(1), TIMEOUT);
    int inFlight = section.get("inFlight", 100, COUNT);
    List<UrlTemplate> http = section.list("http", URL);
    Section breaker = section.section("breaker");
    return new SourceSettings(
        name,
        List.copyOf(http),
        section.find("address", TEXT).orElse(null),
        section.get("method", Method.GET, Rule.oneOf(Method.class)),
        section.entries("headers", TEXT),
        timeout,
        List.copyOf(section.list("needs", TEXT)),
        section.get("retries", 0, Rule.integer(0, 10)),
        section.get("hedgeAfter", Hedge.NEVER, HEDGE),
        new Breaker(
            breaker.get("failures", 10, Rule.integer(0, 1_000_000)),
            breaker.get("openFor", Duration.ofSeconds(5), TIMEOUT)),
        inFlight,
        section.get("waiting", inFlight, Rule.integer(0, 1_000_000)),
        section.get("maxAge", Duration.ZERO, AGE),
        section.get("cacheLimit", 16 * MIB, CACHE),
        Math.toIntExact(section.get("answerLimit", MIB, ANSWER)),
        section.get("http2", !http.isEmpty() && http.get(0).tls(), Rule.bool()),
        section.find("trust", Rule.path("the path of a PEM file")));
  }

  /** Whether asking twice is the same as asking once. */
  public boolean repeatable() {
    return address != null || method == Method.GET;
  }
}
