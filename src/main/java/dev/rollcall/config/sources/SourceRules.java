package dev.rollcall.config.sources;

import static dev.rollcall.config.reading.Units.GIB;
import static dev.rollcall.config.reading.Units.MIB;

import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.ListRule;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Units;
import dev.rollcall.config.sources.SourceSettings.Hedge;
import dev.rollcall.config.sources.SourceSettings.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the keys of a source may be, each by itself, and in part together. */
public final class SourceRules {
  public static final String NAME_PATTERN = "[A-Za-z][A-Za-z0-9_-]{0,63}";

  /** The first two begin variables of templates, the last is a metric of Server-Timing. */
  public static final Rule<String> NAME =
      Rule.text(
          Pattern.compile("(?!(user|id|total)$)" + NAME_PATTERN),
          "a name for a source: 1 to 64 letters, digits, _ and -, the first a letter;"
              + " not user, id or total");

  static final ListRule<String> NEEDS = new ListRule<>(NAME, 0, 100, "names of sources");

  static final ListRule<UrlTemplate> URLS =
      new ListRule<>(
          Rule.parsed(
              UrlTemplate::parse, url -> true, url -> "a URL", "an http or https URL, in quotes"),
          1,
          8,
          "URLs",
          // A comma may also stand within a URL.
          Pattern.compile(",(?=\\s*[A-Za-z][A-Za-z0-9+.-]*://)"));

  static final Rule<String> ADDRESS =
      Rule.text(
          Pattern.compile("(?!rollcall\\.)[^\\s\\p{Z}\\p{C}]{1,255}"),
          "an event bus address of 1 to 255 characters, without spaces;"
              + " those that begin with rollcall. are taken");

  static final Rule<Duration> TIME = Rule.duration(Duration.ofMillis(1), Duration.ofMinutes(10));
  static final Rule<Duration> AGE = Rule.duration(Duration.ZERO, Duration.ofDays(1));
  static final Rule<Integer> RETRIES = Rule.integer(0, 10);
  static final Rule<Integer> FAILURES = Rule.integer(0, 1_000_000);
  static final Rule<Integer> IN_FLIGHT = Rule.integer(1, 100_000);
  static final Rule<Integer> WAITING = Rule.integer(0, 100_000);
  static final Rule<Long> CACHE = Rule.size(0, 64 * GIB);
  static final Rule<Long> ANSWER = Rule.size(1, 64 * MIB);

  static final Rule<Hedge> HEDGE =
      Rule.parsed(
          SourceRules::hedge,
          SourceRules::isHedge,
          Hedge::toString,
          "a duration from 1ms to 10m (units: ms, s, m), or a percentile from p50 to p99.9");

  static final List<String> HTTP_ONLY = List.of("method", "headers", "http2", "trust");
  static final String GIVEN = "given";
  static final String NOT_ON_THE_BUS = "left out with an address, since it is about HTTP";

  private static final int MOST_HEADERS = 50;

  static final Rule<String> HEADER =
      Rule.text(
          Pattern.compile(
              "(?i)(?!(host|content-length|content-type|transfer-encoding|connection|keep-alive"
                  + "|te|upgrade|expect|accept-encoding|rollcall-deadline-ms|traceparent"
                  + "|tracestate|baggage|x-request-id)$)[\\w!#$%&'*+.^`|~-]{1,100}"),
          "the name of a header; not host, content-length, content-type, transfer-encoding,"
              + " connection, keep-alive, te, upgrade, expect, accept-encoding,"
              + " rollcall-deadline-ms, traceparent, tracestate, baggage or x-request-id, which are"
              + " not for settings");

  static final Rule<String> HEADER_VALUE =
      Rule.text(
              Pattern.compile("[\\x20-\\x7E]{0,8192}"),
              "at most 8192 characters of ASCII, no control characters; a number in quotes")
          .secret();

  private static final Pattern PERCENTILE = Pattern.compile("p([0-9]{2}(\\.[0-9])?)");

  private final String source;
  private final Faults faults;

  SourceRules(String name, Faults faults) {
    this.source = "sources." + name;
    this.faults = faults;
  }

  private static @Nullable Hedge hedge(String text) {
    Matcher percentile = PERCENTILE.matcher(text);
    if (percentile.matches()) {
      return new Hedge(Duration.ZERO, Double.parseDouble(text.substring(1)));
    }
    Duration after = Units.duration(text);
    return after == null ? null : new Hedge(after, 0);
  }

  private static boolean isHedge(Hedge hedge) {
    return hedge.percentile() == 0
        ? TIME.allows(hedge.after())
        : hedge.after().isZero() && 50 <= hedge.percentile() && hedge.percentile() <= 99.9;
  }

  void origin(List<UrlTemplate> http, @Nullable String address) {
    if (http.isEmpty() == (address == null)) {
      String given = address == null ? "neither http nor address" : "both http and address";
      across(
          "", given, "one of the two, which says where the answers come from", "http", "address");
    }
    if (http.stream().map(UrlTemplate::tls).distinct().count() > 1) {
      across("http", "http and https", "URLs that are all http, or all https");
    }
  }

  /** A value that is used must have been asked for first. */
  void variables(List<UrlTemplate> http, List<String> needs) {
    for (UrlTemplate url : http) {
      for (String used : url.sources()) {
        if (!needs.contains(used)) {
          String variable = "{" + used + ".…}";
          across("http", variable, "variables of the sources in " + source + ".needs", "needs");
        }
      }
    }
  }

  void headers(Map<String, String> headers) {
    Map<String, String> seen = new HashMap<>();
    for (String name : headers.keySet()) {
      String other = seen.put(name.toLowerCase(Locale.ROOT), name);
      if (other != null) {
        String both = Faults.quoted(other) + " and " + Faults.quoted(name);
        across("headers", both, "each header once, since upper and lower case mean the same");
      }
    }
    if (headers.size() > MOST_HEADERS) {
      across("headers", headers.size() + " of them", "at most " + MOST_HEADERS + " headers");
    }
  }

  void hedge(Hedge hedge, Duration timeout) {
    if (hedge.after().compareTo(timeout) >= 0) {
      String allowed = "a duration below " + source + ".timeout, " + Units.show(timeout);
      across("hedgeAfter", hedge.toString(), allowed, "timeout");
    }
  }

  void repeats(Method method, int retries, Hedge hedge, Duration maxAge) {
    if (method == Method.POST) {
      String allowed = "left out with method post, since a POST is not repeated";
      if (retries > 0) {
        across("retries", Integer.toString(retries), allowed, "method");
      }
      if (!hedge.equals(Hedge.NEVER)) {
        across("hedgeAfter", hedge.toString(), allowed, "method");
      }
      if (!maxAge.isZero()) {
        across("maxAge", Units.show(maxAge), allowed, "method");
      }
    }
  }

  void trust(Optional<Path> trust, List<UrlTemplate> http) {
    if (trust.isPresent() && !http.isEmpty() && !http.get(0).tls()) {
      across("trust", GIVEN, "left out without https, which alone looks at it", "http");
    }
  }

  /** On the event bus there is nothing of HTTP to be said. */
  void bus(
      @Nullable String address,
      List<UrlTemplate> http,
      Method method,
      Map<String, String> headers,
      boolean http2,
      Optional<Path> trust) {
    if (address != null && http.isEmpty()) {
      List<Boolean> given =
          List.of(method != Method.GET, !headers.isEmpty(), http2, trust.isPresent());
      for (int i = 0; i < given.size(); i++) {
        if (given.get(i)) {
          across(HTTP_ONLY.get(i), GIVEN, NOT_ON_THE_BUS, "address");
        }
      }
    }
  }

  private void across(String key, String value, String allowed, String... others) {
    String[] keys = new String[others.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = source + "." + others[i];
    }
    faults.across(key.isEmpty() ? source : source + "." + key, value, allowed, keys);
  }
}
