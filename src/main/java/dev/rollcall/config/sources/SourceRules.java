package dev.rollcall.config.sources;

import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Units;
import dev.rollcall.config.sources.HttpTarget.Caching;
import dev.rollcall.config.sources.HttpTarget.Method;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The names of sources, and the rules across the keys of one. */
public final class SourceRules {
  public static final String NAME_PATTERN = "[A-Za-z][A-Za-z0-9_-]{0,63}";

  /** The first two begin variables of URLs, the last is a metric of Server-Timing. */
  public static final Rule<String> NAME =
      Rule.text(
          Pattern.compile("(?!(user|id|total)$)" + NAME_PATTERN),
          "a name for a source: 1 to 64 letters, digits, _ and -, the first a letter;"
              + " not user, id or total");

  static final Rule<Duration> TIME = Rule.duration("1ms", "10m");
  static final String GIVEN = "given";
  static final String NOT_ON_THE_BUS = "left out with an address, since it is about HTTP";
  static final String ONE_OF_THE_TWO = "one of the two, which says where the answers come from";
  private static final String WITH_POST = "left out without method post";
  private static final String CACHE = "cache";
  private static final String AUTHORIZATION = "authorization";
  private static final int MOST_HEADERS = 50;

  private final String source;
  private final Faults faults;

  SourceRules(String name, Faults faults) {
    this.source = "sources." + name;
    this.faults = faults;
  }

  /** The sources whose answers a URL uses must be among its needs. */
  void urls(List<UrlTemplate> urls, List<String> needs) {
    if (urls.isEmpty()) {
      across("", "neither http nor address", ONE_OF_THE_TWO, "http", "address");
    }
    if (urls.stream().map(UrlTemplate::tls).distinct().count() > 1) {
      across("http", "http and https", "URLs that are all http, or all https");
    }
    for (UrlTemplate url : urls) {
      uses("http", url.variables(), needs);
    }
  }

  private void uses(String key, Set<String> variables, List<String> needs) {
    for (String used : Variables.sources(variables)) {
      if (!needs.contains(used)) {
        String variable = "{" + used + ".…}";
        across(key, variable, "variables of the sources in " + source + ".needs", "needs");
      }
    }
  }

  /** What goes with a POST alone. */
  void post(HttpTarget http, List<String> needs) {
    if (http.method() == Method.GET) {
      if (http.body().isPresent()) {
        across("body", GIVEN, WITH_POST, "method");
      }
      if (http.safe()) {
        across("safe", "true", WITH_POST, "method");
      }
    }
    http.body().ifPresent(body -> uses("body", body.variables(), needs));
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

  void fields(Map<String, FieldPath> fields) {
    if (fields.size() > FieldPath.MOST) {
      across("fields", fields.size() + " of them", "at most " + FieldPath.MOST + " fields");
    }
  }

  void forward(HttpTarget http) {
    for (String name : http.headers().keySet()) {
      if (http.forward().contains(name.toLowerCase(Locale.ROOT))) {
        String allowed = "headers that are not among " + source + ".headers";
        across("forward", Faults.quoted(name), allowed, "headers");
      }
    }
  }

  /** One header has one value. */
  void token(HttpTarget http) {
    if (http.token().isPresent()) {
      String allowed = "left out with a token, which is the header Authorization";
      if (http.headers().keySet().stream().anyMatch(AUTHORIZATION::equalsIgnoreCase)) {
        across("headers", AUTHORIZATION, allowed, TokenSettings.SECTION);
      }
      if (http.forward().contains(AUTHORIZATION)) {
        across("forward", AUTHORIZATION, allowed, TokenSettings.SECTION);
      }
    }
  }

  void stale(SourceTarget target, Duration maxAge, Duration ifError, Duration whileRevalidate) {
    boolean byHttp = target instanceof HttpTarget http && http.caching() == Caching.HTTP;
    if (byHttp && !maxAge.isZero()) {
      String allowed = "left out with cache http, by which each answer says how long it is kept";
      across("maxAge", Units.show(maxAge), allowed, CACHE);
    }
    if (byHttp || !maxAge.isZero()) {
      return;
    }
    String allowed = "left out without maxAge or cache http, since there is nothing in memory";
    if (!ifError.isZero()) {
      across("staleIfError", Units.show(ifError), allowed, "maxAge", CACHE);
    }
    if (!whileRevalidate.isZero()) {
      across("staleWhileRevalidate", Units.show(whileRevalidate), allowed, "maxAge", CACHE);
    }
  }

  void hedge(Hedge hedge, Duration timeout) {
    if (hedge.after().compareTo(timeout) >= 0) {
      String allowed = "a duration below " + source + ".timeout, " + Units.show(timeout);
      across("hedgeAfter", hedge.toString(), allowed, "timeout");
    }
  }

  void repeats(HttpTarget http, int retries, Hedge hedge, Duration maxAge) {
    if (!http.repeatable()) {
      String allowed = "left out with method post, since a POST is not repeated unless it is safe";
      if (retries > 0) {
        across("retries", Integer.toString(retries), allowed, "method", "safe");
      }
      if (!hedge.equals(Hedge.NEVER)) {
        across("hedgeAfter", hedge.toString(), allowed, "method", "safe");
      }
      if (!maxAge.isZero()) {
        across("maxAge", Units.show(maxAge), allowed, "method", "safe");
      }
      if (http.caching() == Caching.HTTP) {
        across(CACHE, "http", allowed, "method", "safe");
      }
    }
  }

  void trust(HttpTarget http) {
    if (http.trust().isPresent() && !http.urls().isEmpty() && !http.urls().get(0).tls()) {
      across("trust", GIVEN, "left out without https, which alone looks at it", "http");
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
