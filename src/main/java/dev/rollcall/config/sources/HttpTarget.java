package dev.rollcall.config.sources;

import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.ListRule;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A source that is asked over HTTP by the nodes that serve it.
 *
 * @param body of a POST; empty for {@code {"id":42,"needs":{…}}}
 * @param forward the names of the caller's headers that go along, in lower case
 * @param token where the token comes from that it is asked with; empty for none
 * @param safe whether a POST only asks, so that it may be repeated
 * @param caching by what answers are kept, beside maxAge
 */
public record HttpTarget(
    List<UrlTemplate> urls,
    Method method,
    Optional<BodyTemplate> body,
    boolean safe,
    Map<String, String> headers,
    List<String> forward,
    Optional<TokenSettings> token,
    Caching caching,
    Balancing balancing,
    boolean http2,
    Optional<Path> trust)
    implements SourceTarget {
  public enum Method {
    GET,
    /** With a body; never repeated once it was sent, unless it only asks. */
    POST
  }

  public enum Caching {
    NONE,
    /** By what the answers themselves say (RFC 9111). */
    HTTP
  }

  static final Key<List<UrlTemplate>> URLS =
      Key.list(
          "http",
          List.of(),
          new ListRule<>(
              Rule.parsed(
                  UrlTemplate::parse,
                  url -> true,
                  url -> "a URL",
                  "an http or https URL, in quotes"),
              1,
              8,
              "URLs",
              // A comma may also stand within a URL.
              Pattern.compile(",(?=\\s*[A-Za-z][A-Za-z0-9+.-]*://)")));

  static final Key<Method> METHOD = Key.of("method", Method.GET, Rule.oneOf(Method.class));

  private static final String BODY = "body";

  private static final Pattern FORWARDED =
      Pattern.compile(
          "(?!(host|content-.*|transfer-encoding|connection|proxy-.*|keep-alive|te|trailer|upgrade"
              + "|expect|accept|accept-encoding|cookie2?|http2-settings|rollcall-.*|traceparent"
              + "|tracestate|baggage|x-request-id|idempotency-key|if-.*|range)$)"
              + "[\\w!#$%&'*+.^`|~-]{1,100}");

  static final Key<Map<String, String>> HEADERS =
      Key.entries(
          "headers",
          Rule.text(
              Pattern.compile(
                  "(?i)(?!(host|content-length|content-type|transfer-encoding|connection|keep-alive"
                      + "|te|upgrade|expect|accept-encoding|rollcall-deadline-ms|traceparent"
                      + "|tracestate|baggage|x-request-id)$)[\\w!#$%&'*+.^`|~-]{1,100}"),
              "the name of a header; not host, content-length, content-type, transfer-encoding,"
                  + " connection, keep-alive, te, upgrade, expect, accept-encoding,"
                  + " rollcall-deadline-ms, traceparent, tracestate, baggage or x-request-id, which"
                  + " are not for settings"),
          Rule.text(
                  Pattern.compile("[\\x20-\\x7E]{0,8192}"),
                  "at most 8192 characters of ASCII, no control characters; a number in quotes")
              .secret());

  /** In lower case. */
  static final Key<List<String>> FORWARD =
      Key.list(
          "forward",
          List.of(),
          new ListRule<>(
              Rule.parsed(
                  text -> text.toLowerCase(Locale.ROOT),
                  name -> FORWARDED.matcher(name).matches(),
                  Faults::quoted,
                  "the name of a header of the caller's own; not cookie, accept, host, or another"
                      + " one that belongs to the connection, to its body or to Rollcall"),
              0,
              20,
              "headers"));

  static final Key<Caching> CACHING = Key.of("cache", Caching.NONE, Rule.oneOf(Caching.class));
  static final Key<Boolean> SAFE = Key.of("safe", false, Rule.bool());
  static final Key<Boolean> HTTP2 = Key.of("http2", false, Rule.bool());

  static final Key<Optional<Path>> TRUST =
      Key.optional("trust", Rule.path("the path of a PEM file"));

  /** The keys that sources of other kinds must not have. */
  static final List<String> OWN_KEYS =
      List.of(
          "method", "body", "safe", "headers", "forward", "token", "cache", "balance", "eject",
          "http2", "trust");

  public HttpTarget {
    urls = List.copyOf(urls);
    forward = List.copyOf(forward);
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  /** What a section says of it, beside its URLs. */
  static HttpTarget from(Section section, List<UrlTemplate> urls) {
    return new HttpTarget(
        urls,
        METHOD.read(section),
        body(section),
        SAFE.read(section),
        HEADERS.read(section),
        FORWARD.read(section),
        TokenSettings.from(section),
        CACHING.read(section),
        Balancing.from(section),
        HTTP2.read(section, !urls.isEmpty() && urls.get(0).tls()),
        TRUST.read(section));
  }

  private static Optional<BodyTemplate> body(Section section) {
    try {
      return section.json(BODY).map(BodyTemplate::of);
    } catch (IllegalArgumentException e) {
      section.refuse(BODY, Rule.HIDDEN, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  @Override
  public String kind() {
    return "http";
  }

  @Override
  public boolean isServed() {
    return true;
  }

  @Override
  public boolean repeatable() {
    return method == Method.GET || safe;
  }

  @Override
  public boolean answersByValues() {
    return method == Method.GET || body.isPresent();
  }

  /** {@inheritDoc} {@link SourceRules} refuses a source without URLs. */
  @Override
  public void check(String section) {
    if (!urls.isEmpty()) {
      URLS.check(section, urls);
    }
    HEADERS.check(section, headers);
    FORWARD.check(section, forward);
    token.ifPresent(given -> given.check(section));
    balancing.check(section);
  }

  /** Only how many URLs there are, since URLs and headers may hold secrets. */
  @Override
  public String toString() {
    return "HttpTarget[" + urls.size() + " URLs]";
  }
}
