package dev.rollcall.config.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rollcall.config.LoadingTest;
import dev.rollcall.config.Settings;
import dev.rollcall.config.sources.Balancing.Policy;
import dev.rollcall.config.sources.HttpTarget.Caching;
import dev.rollcall.config.sources.HttpTarget.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceSettingsTest extends LoadingTest {
  private static final String URL = "sources.a.http=http://host/{id}";

  private static SourceSettings source(String... sets) {
    return source("a", Settings.of(sets));
  }

  private static SourceSettings source(String name, Settings settings) {
    return Objects.requireNonNull(settings.sources().get(name));
  }

  @Test
  void thereIsNoneByDefault() {
    assertThat(Settings.of().sources()).isEmpty();
  }

  @Test
  void whatIsLeftOutHasItsDefault() {
    SourceSettings source = source(URL);
    assertThat(source.name()).isEqualTo("a");
    assertThat(http(source).urls()).containsExactly(UrlTemplate.parse("http://host/{id}"));
    assertThat(http(source).method()).isEqualTo(Method.GET);
    assertThat(source.repeatable()).isTrue();
    assertThat(http(source).headers()).isEmpty();
    assertThat(source.timeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(source.needs()).isEmpty();
    assertThat(source.retries()).isZero();
    assertThat(source.hedge()).isEqualTo(Hedge.NEVER);
    assertThat(source.breaker()).isEqualTo(new Breaker(10, Duration.ofSeconds(5)));
    assertThat(source.inFlight()).isEqualTo(new ConcurrencyLimit(100, false));
    assertThat(source.waiting()).isEqualTo(100);
    assertThat(source.rate()).isEmpty();
    assertThat(source.maxAge()).isZero();
    assertThat(source.staleIfError()).isZero();
    assertThat(source.staleWhileRevalidate()).isZero();
    assertThat(source.cacheLimit()).isEqualTo(16 * 1024 * 1024);
    assertThat(source.answerLimit()).isEqualTo(1024 * 1024);
    assertThat(source.fields()).isEmpty();
    assertThat(http(source).balancing()).isEqualTo(Balancing.NONE);
    assertThat(http(source).http2()).isFalse();
    assertThat(http(source).trust()).isEmpty();
  }

  @Test
  void someDefaultsFollowOtherKeys() {
    assertThat(http(source("sources.a.http=https://host/{id}")).http2()).isTrue();
    assertThat(source("sources.a.address=orders.by-user").target())
        .isEqualTo(new BusTarget("orders.by-user"));
    assertThat(source(URL, "sources.a.inFlight=7").waiting()).isEqualTo(7);
    assertThat(source(URL, "sources.a.inFlight=adaptive").waiting()).isEqualTo(1000);
    assertThat(source(URL, "sources.a.rate.perSecond=5").rate()).contains(new SourceRate(5, 5));
  }

  @Test
  void whatIsInFlightMayFollowTheLatency() {
    SourceSettings adaptive = source(URL, "sources.a.inFlight=adaptive");
    assertThat(adaptive.inFlight()).isEqualTo(ConcurrencyLimit.ADAPTIVE).hasToString("adaptive");
    assertThat(adaptive.inFlight().most(0)).isEqualTo(1000);
    assertThat(adaptive.inFlight().most(3)).isEqualTo(3000);
    assertThat(source(URL, "sources.a.inFlight=7").inFlight().most(3)).isEqualTo(7);
  }

  @Test
  void everyKeyIsRead() throws Exception {
    String yaml =
        """
        sources:
          first: {address: first}
          a:
            http: ["https://eu.example/{first.id}?f=a,b", "https://us.example/{first.id}"]
            method: get
            headers: {Authorization: "Bearer ${TOKEN}", X-Version: "2"}
            forward: [Accept-Language, x-tenant]
            balance: roundRobin
            eject: {failures: 5, time: 10s}
            timeout: 500ms
            needs: [first]
            retries: 2
            hedgeAfter: p99.9
            breaker: {failures: 0, openFor: 1m}
            inFlight: 5
            waiting: 0
            rate: {perSecond: 100, burst: 20}
            maxAge: 1d
            staleIfError: 1h
            staleWhileRevalidate: 10s
            cacheLimit: 64GiB
            answerLimit: 1B
            fields: {city: address.city, tags: "labels[].name", all: "[][]", first: labels.0}
            http2: false
            trust: conf/ca.pem
            erase: {http: "https://eu.example/{id}?k=${TOKEN}", method: post}
        """;
    assertThat(load(yaml, Map.of("TOKEN", "t")).settings().sources().get("a"))
        .isEqualTo(
            new SourceSettings(
                "a",
                Duration.ofMillis(500),
                List.of("first"),
                2,
                new Hedge(Duration.ZERO, 99.9),
                new Breaker(0, Duration.ofMinutes(1)),
                new ConcurrencyLimit(5, false),
                0,
                Optional.of(new SourceRate(100, 20)),
                Duration.ofDays(1),
                Duration.ofHours(1),
                Duration.ofSeconds(10),
                64L * 1024 * 1024 * 1024,
                1,
                Map.of(
                    "city", new FieldPath("address.city", List.of("address", "city")),
                    "tags", new FieldPath("labels[].name", List.of("labels", "[]", "name")),
                    "all", new FieldPath("[][]", List.of("[]", "[]")),
                    "first", new FieldPath("labels.0", List.of("labels", "0"))),
                new HttpTarget(
                    List.of(
                        UrlTemplate.parse("https://eu.example/{first.id}?f=a,b"),
                        UrlTemplate.parse("https://us.example/{first.id}")),
                    Method.GET,
                    Optional.empty(),
                    false,
                    Map.of("Authorization", "Bearer t", "X-Version", "2"),
                    List.of("accept-language", "x-tenant"),
                    Optional.empty(),
                    Caching.NONE,
                    new Balancing(Policy.ROUND_ROBIN, 5, Duration.ofSeconds(10)),
                    false,
                    Optional.of(Path.of("conf/ca.pem"))),
                Optional.of(
                    new EraseSettings(
                        UrlTemplate.parse("https://eu.example/{id}?k=t"),
                        EraseSettings.Method.POST))));
  }

  @Test
  void flagsDeclareSourcesAndOverrideTheFile() throws Exception {
    String yaml = "sources: {a: {address: a, timeout: 2s}, b: {address: b}}\n";
    Settings settings =
        load(
                yaml,
                Map.of("ROLLCALL_SOURCES_B_TIMEOUT", "3s", "ROLLCALL_SOURCES_C_D_RETRIES", "1"),
                "sources.a.timeout=1ms",
                "sources.c-D.http=http://127.0.0.1:1/a/{id}?f=a,b",
                "sources.c-D.needs=a, b",
                "sources.c-D.headers.Authorization=x")
            .settings();
    assertThat(settings.sources().keySet()).containsExactly("a", "b", "c-D");
    assertThat(source("a", settings).timeout()).isEqualTo(Duration.ofMillis(1));
    assertThat(source("b", settings).timeout()).isEqualTo(Duration.ofSeconds(3));
    SourceSettings third = source("c-D", settings);
    assertThat(http(third).urls()).hasToString("[http://127.0.0.1:1/a/{id}?f=a,b]");
    assertThat(third.needs()).containsExactly("a", "b");
    assertThat(http(third).headers()).isEqualTo(Map.of("Authorization", "x"));
    assertThat(third.retries()).isEqualTo(1);
  }

  @Test
  void severalUrlsOfOneFlagHaveCommasBetweenThem() {
    assertThat(http(source("sources.a.http=https://eu/{id}?a,b, https://us/x")).urls())
        .hasToString("[https://eu/{id}?a,b, https://us/x]");
  }

  @Test
  void anEmptyFlagClearsAList() {
    assertThat(source(URL, "sources.a.needs=").needs()).isEmpty();
  }

  @Test
  void aVariableOfAnUndeclaredSourceIsAWarning() throws Exception {
    assertThat(
            load(
                    "sources: {account: {address: a}}\n",
                    Map.of("ROLLCALL_SOURCES_ACOUNT_TIMEOUT", "1s"))
                .warnings())
        .containsExactly(
            "environment variable ROLLCALL_SOURCES_ACOUNT_TIMEOUT is no setting;"
                + " did you mean ROLLCALL_SOURCES_ACCOUNT_TIMEOUT?");
  }

  @Test
  void aVariableThatMeansTwoSourcesIsAFault() {
    String yaml = "sources: {a-b: {address: a}, a_B: {address: b}}\n";
    assertThat(faults(yaml)).isEmpty();
    assertThat(faults(yaml, Map.of("ROLLCALL_SOURCES_A_B_TIMEOUT", "1s")))
        .containsExactly(
            "environment variable ROLLCALL_SOURCES_A_B_TIMEOUT:"
                + " means both sources.a-b.timeout and sources.a_B.timeout:"
                + " names that differ in more than case and hyphens");
  }

  @ParameterizedTest
  @CsvSource({"30ms,0.03,0", "p50,0,50", "p95,0,95", "p99.9,0,99.9", "p50.0,0,50", "999ms,0.999,0"})
  void aHedgeGoesByATimeOrAPercentile(String text, double seconds, double percentile) {
    assertThat(source(URL, "sources.a.hedgeAfter=" + text).hedge())
        .isEqualTo(new Hedge(Duration.ofMillis(Math.round(seconds * 1000)), percentile));
  }

  @Test
  void aHedgeIsShownAsItIsWritten() {
    assertThat(new Hedge(Duration.ZERO, 99.9)).hasToString("p99.9");
    assertThat(new Hedge(Duration.ZERO, 50)).hasToString("p50");
    assertThat(new Hedge(Duration.ofMillis(1500), 0)).hasToString("1500ms");
    assertThat(Hedge.NEVER).hasToString("never");
  }

  @Test
  void aPostIsNotRepeatable() {
    assertThat(source(URL, "sources.a.method=post").repeatable()).isFalse();
    assertThat(source("sources.a.address=x").repeatable()).isTrue();
  }

  @Test
  void aPostThatOnlyAsksIsRepeatable() throws Exception {
    String yaml =
        """
        sources:
          a: {http: "http://h/", method: post, safe: true, body: {key: "${KEY}", n: [1, "{id}"]}}
        """;
    SourceSettings source = source("a", load(yaml, Map.of("KEY", "hunter2")).settings());
    assertThat(source.repeatable()).isTrue();
    BodyTemplate body = http(source).body().orElseThrow();
    assertThat(body.body(variable -> "42")).isEqualTo("{\"key\":\"hunter2\",\"n\":[1,42]}");
    assertThat(body).hasToString("BodyTemplate[id]");
  }

  @Test
  void itsTextHoldsNoSecrets() {
    assertThat(source("sources.a.http=http://host/?key=hunter2", "sources.a.headers.A=hunter3"))
        .hasToString("SourceSettings[a]");
  }

  @Test
  void sourcesMadeByCodeAreHeldToTheSameRules() {
    refused("a b", 0, Map.of(), "sources.a b: \"a b\": a name for a source: ");
    refused("a", 11, Map.of(), "sources.a.retries: 11: an integer from 0 to 10");
    refused("a", 0, Map.of("Host", "h"), "sources.a.headers.Host: \"Host\": the name of a header");
    refused("a", 0, Map.of("X", "a\nb"), "sources.a.headers.X: (not shown): at most 8192 ");
    refused("a", 0, Map.of("X", "a", "x", "b"), "sources.a.headers: ");
  }

  private static void refused(
      String name, int retries, Map<String, String> headers, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> made(name, List.of("http://h/"), retries, headers))
        .withMessageStartingWith(message);
  }

  @Test
  void listsMadeByCodeAreHeldToTheSameRules() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> made("a", List.of("http://h/", "http://h/"), 0, Map.of()))
        .withMessage("sources.a.http: a URL: each of them once");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> made("a", List.of(), 0, Map.of()))
        .withMessageStartingWith("sources.a: neither http nor address: ");
  }

  @Test
  void whatCodePassesIsCopied() {
    Map<String, String> headers = new LinkedHashMap<>(Map.of("A", "a"));
    SourceSettings source = made("a", List.of("http://h/"), 0, headers);
    headers.put("B", "b");
    assertThat(http(source).headers()).isEqualTo(Map.of("A", "a"));
  }

  private static SourceSettings made(
      String name, List<String> urls, int retries, Map<String, String> headers) {
    return new SourceSettings(
        name,
        Duration.ofSeconds(1),
        List.of(),
        retries,
        Hedge.NEVER,
        new Breaker(1, Duration.ofSeconds(1)),
        new ConcurrencyLimit(1, false),
        1,
        Optional.empty(),
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        0,
        1,
        Map.of(),
        new HttpTarget(
            urls.stream().map(UrlTemplate::parse).toList(),
            Method.GET,
            Optional.empty(),
            false,
            headers,
            List.of(),
            Optional.empty(),
            Caching.NONE,
            Balancing.NONE,
            false,
            Optional.empty()),
        Optional.empty());
  }

  private static HttpTarget http(SourceSettings source) {
    return (HttpTarget) source.target();
  }
}
