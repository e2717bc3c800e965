package dev.rollcall.config.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.config.LoadingTest;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceFaultsTest extends LoadingTest {
  private static final String TIME = "a duration from 1ms to 10m, with its unit (ms, s, m, h, d)";
  private static final String NAME =
      "a name for a source: 1 to 64 letters, digits, _ and -, the first a letter;"
          + " not user, id or total";

  /** The faults of a source called {@code a}, without its key. */
  private List<String> of(String keys) {
    return faults("sources: {b: {address: b}, a: {" + keys + "}}\n").stream()
        .map(line -> line.replace("sources.a.", "").replace("sources.a: ", ""))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "timeout: 0s               | timeout: \"0s\": a duration from 1ms to 10m",
        "timeout: 601s             | timeout: \"601s\": a duration from 1ms to 10m",
        "timeout: 5                | timeout: 5: a duration from 1ms to 10m",
        "retries: -1               | retries: -1: an integer from 0 to 10",
        "retries: 11               | retries: 11: an integer from 0 to 10",
        "inFlight: 0               | inFlight: 0: an integer from 1 to 100000, or adaptive",
        "inFlight: 100001          | inFlight: 100001: an integer from 1 to 100000, or adaptive",
        "inFlight: 1.5             | inFlight: 1.5: an integer from 1 to 100000, or adaptive",
        "inFlight: auto            | inFlight: \"auto\": an integer from 1 to 100000, or adaptive",
        "waiting: -1               | waiting: -1: an integer from 0 to 100000",
        "waiting: 100001           | waiting: 100001: an integer from 0 to 100000",
        "maxAge: 25h               | maxAge: \"25h\": a duration from 0s to 1d",
        "staleIfError: 8d         | staleIfError: \"8d\": a duration from 0s to 7d",
        "staleIfError: 1s         | staleIfError: 1s: left out without maxAge or cache http",
        "staleWhileRevalidate: 25h | staleWhileRevalidate: \"25h\": a duration from 0s to 1d",
        "staleWhileRevalidate: 1s | staleWhileRevalidate: 1s: left out without maxAge or cache",
        "cache: https              | cache: \"https\": none or http",
        "cacheLimit: 65GiB         | cacheLimit: \"65GiB\": a size from 0B to 64GiB",
        "answerLimit: 0            | answerLimit: 0: a size from 1B to 64MiB",
        "answerLimit: 65MiB        | answerLimit: \"65MiB\": a size from 1B to 64MiB",
        "http2: maybe              | http2: \"maybe\": true or false",
        "trust: ''                 | trust: \"\": the path of a PEM file",
        "balance: random           | balance: \"random\": first, roundRobin or leastBusy",
        "balance: round_robin      | balance: \"round_robin\": first, roundRobin or leastBusy",
        "eject: 5                  | eject: 5: a section, that is, keys with values below it",
        "eject: {failures: -1}     | eject.failures: -1: an integer from 0 to 1000000",
        "eject: {failures: 1, time: 2h} | eject.time: \"2h\": a duration from 1ms to 1h",
        "eject: {time: 1s}         | eject.failures: left out: an integer from 0 to 1000000",
        "method: put               | method: \"put\": get or post",
        "breaker: 5                | breaker: 5: a section, that is, keys with values below it",
        "breaker: {failures: -1}   | breaker.failures: -1: an integer from 0 to 1000000",
        "breaker: {openFor: 0s}    | breaker.openFor: \"0s\": a duration from 1ms to 10m",
        "breaker: {openfor: 1s}    | breaker.openfor: unknown key; did you mean breaker.openFor?",
        "breaker: {needs: 1s}      | breaker.needs: unknown key; allowed here: failures, openFor",
        "tiemout: 1s               | tiemout: unknown key; did you mean timeout?",
        "headers: [a]              | headers: a list: a section, that is, keys with values below"
            + " it",
        "rate: 5                   | rate: 5: a section, that is, keys with values below it",
        "rate: {perSecond: 0}      | rate.perSecond: 0: an integer from 1 to 1000000",
        "rate: {perSecond: 1, burst: 0} | rate.burst: 0: an integer from 1 to 1000000",
        "rate: {burst: 5}          | rate.perSecond: left out: an integer from 1 to 1000000",
        "rate: {perSec: 5}         | rate.perSec: unknown key; allowed here: perSecond, burst",
        "fields: [a]               | fields: a list: a section, that is, keys with values below",
        "fields: {a b: x}          | fields.a b: \"a b\": the name of a field: 1 to 100 characters",
        "fields: {x: ''}           | fields.x: \"\": where it stands in the answer: 1 to 32 mem",
        "fields: {x: a.}           | fields.x: \"a.\": where it stands in the answer",
        "fields: {x: .a}           | fields.x: \".a\": where it stands in the answer",
        "fields: {x: a..b}         | fields.x: \"a..b\": where it stands in the answer",
        "fields: {x: 'a[0]'}       | fields.x: \"a[0]\": where it stands in the answer",
        "fields: {x: 'a[]b'}       | fields.x: \"a[]b\": where it stands in the answer",
        "fields: {x: 'a['}         | fields.x: \"a[\": where it stands in the answer",
        "fields: {x: a b}          | fields.x: \"a b\": where it stands in the answer",
        "fields: {x: 5}            | fields.x: 5: where it stands in the answer",
        "fields: {x: [a]}          | fields.x: a list: where it stands in the answer",
        "needs: [a b]              | needs: \"a b\": a name for a source: ",
        "needs: [b, b]             | needs: \"b\": each of them once",
        "needs: 'b,b'              | needs: \"b,b\": each of them once",
        "needs: [[b]]              | needs: a list: a name for a source: ",
        "needs: {b: b}             | needs: a section: a name for a source: ",
        "needs:                    | needs: nothing: a name for a source: ",
        "needs: [c]                | needs: \"c\": sources that are declared",
        "needs: [user]             | needs: \"user\": a name for a source: ",
        "needs: [a]                | needs: a → a: needs that don't go in circles",
      })
  void aWrongValueIsToldWithItsKeyAndWhatIsAllowed(String keys, String fault) {
    assertThat(of("http: 'http://h/', " + keys))
        .singleElement()
        .satisfies(line -> assertThat(line).startsWith(fault));
  }

  @ParameterizedTest
  @ValueSource(strings = {"p49", "p100", "p95.55", "p", "p9", "p-95", "P95", "95", "0s", "11m"})
  void anythingElseIsNoHedge(String hedge) {
    assertThat(of("http: 'http://h/', timeout: 10m, hedgeAfter: " + hedge))
        .singleElement()
        .satisfies(
            line ->
                assertThat(line)
                    .startsWith("hedgeAfter: ")
                    .endsWith(
                        ": a duration from 1ms to 10m (units: ms, s, m),"
                            + " or a percentile from p50 to p99.9"));
  }

  @Test
  void aHedgeComesBeforeTheTimeout() {
    assertThat(of("http: 'http://h/', hedgeAfter: 1s"))
        .containsExactly("hedgeAfter: 1s: a duration below timeout, 1s");
    assertThat(of("http: 'http://h/', hedgeAfter: 1s, timeout: 1001ms")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"user", "id", "total", "9a", "-a", "_a", "a.b", "a b", "größe", "", "a/b", "a#b"})
  void aNameThatTemplatesOrPathsCannotHoldIsRefused(String name) {
    assertThat(faults("sources: {\"" + name + "\": {http: 5, x: y}}\n"))
        .containsExactly("sources.%s: \"%s\": %s".formatted(name, name, NAME));
  }

  @Test
  void aNameHas64CharactersAtMost() {
    String longest = "a".repeat(64);
    assertThat(faults("sources: {" + longest + ": {address: x}}\n")).isEmpty();
    assertThat(faults("sources: {" + longest + "b: {address: x}}\n"))
        .containsExactly("sources.%sb: \"%sb\": %s".formatted(longest, longest, NAME));
    assertThat(faults("", Map.of(), "sources.user.http=http://h/", "sources.user.timeout=1s"))
        .containsExactly("sources.user: \"user\": " + NAME);
  }

  @Test
  void thereAreAThousandSourcesAtMost() {
    String thousand =
        IntStream.range(0, 1000)
            .mapToObj(i -> "  s" + i + ": {address: x}\n")
            .collect(Collectors.joining("", "sources:\n", ""));
    assertThat(faults(thousand)).isEmpty();
    assertThat(faults(thousand + "  one: {address: x}\n"))
        .containsExactly("sources: 1001: an integer from 0 to 1000 (how many there are)");
  }

  @Test
  void aSourceIsEitherOnTheBusOrAskedOverHttp() {
    String allowed = ": one of the two, which says where the answers come from";
    assertThat(of("timeout: 1s")).containsExactly("neither http nor address" + allowed);
    assertThat(of("address: x, http: 'https://h/'"))
        .containsExactly("both http and address" + allowed);
    assertThat(faults("sources: {a: }\n"))
        .containsExactly("sources.a: neither http nor address" + allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"''", "a b", "' a'", "'a\tb'", "rollcall.users.get", "5"})
  void anAddressHasNoSpacesAndIsNoneOfOurs(String address) {
    assertThat(of("address: " + address))
        .singleElement()
        .satisfies(
            line -> assertThat(line).startsWith("address: ").endsWith("rollcall. are taken"));
    assertThat(of("address: rollcall")).isEmpty();
    assertThat(of("address: " + "x".repeat(256))).hasSize(1);
  }

  @Test
  void whatOnlyHttpKnowsIsRefusedWithAnAddress() {
    String keys =
        "address: x, method: get, headers: {a: b}, http2: false, trust: a.pem,"
            + " cache: http, balance: first, eject: {failures: 1}";
    String refused = ": given: left out with an address, since it is about HTTP";
    assertThat(of(keys))
        .containsExactly(
            "method" + refused,
            "headers" + refused,
            "cache" + refused,
            "balance" + refused,
            "eject" + refused,
            "http2" + refused,
            "trust" + refused);
    assertThat(of("address: x, retries: 1, hedgeAfter: p95, maxAge: 1s, answerLimit: 1KiB"))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]                               | an empty list: 1 to 8 URLs",
        "''                               | an empty list: 1 to 8 URLs",
        "5                                | 5: an http or https URL, in quotes",
        "                                 | nothing: an http or https URL, in quotes",
        "{a: b}                           | a section: an http or https URL, in quotes",
        "host                             | \"host\": an http or https URL, such as ",
        "['http://h/', 'http://h:0/']     | \"http://h:0/\": a URL whose port, where it has one,",
        "['http://h/', 'http://h/']       | \"http://h/\": each of them once",
        "['http://h/', 'https://h/']      | http and https: URLs that are all http, or all https",
        "'http://h/{id'                   | \"http://h/{id\": a URL whose braces stand in pairs",
        "'http://u:hunter2@h@i/#'         | \"http://…@i/#\": a URL without a fragment",
        "'http://h/{b.x}'                 | {b.…}: variables of the sources in needs",
        "['http://h/', 'http://h/{c.x}']  | {c.…}: variables of the sources in needs",
      })
  void aWrongUrlIsToldWhatIsAllowed(String http, String fault) {
    assertThat(of("http: " + http))
        .singleElement()
        .satisfies(line -> assertThat(line).startsWith("http: " + fault));
  }

  @Test
  void thereAreEightUrlsAtMost() {
    String eight =
        IntStream.range(0, 8)
            .mapToObj(i -> "'http://h" + i + "/'")
            .collect(Collectors.joining(","));
    assertThat(of("http: [" + eight + "]")).isEmpty();
    assertThat(of("http: [" + eight + ",'http://x/']"))
        .containsExactly("http: 9 of them: 1 to 8 URLs");
  }

  @Test
  void eachUrlMayHaveReferences() {
    String yaml = "sources: {a: {http: [\"http://${ONE}/\", \"http://${TWO}/\"]}}\n";
    assertThat(faults(yaml, Map.of("ONE", "one", "TWO", "two"))).isEmpty();
    assertThat(faults(yaml, Map.of("ONE", "a b")))
        .containsExactlyInAnyOrder(
            "sources.a.http: \"http://${ONE}/\":"
                + " a URL with a host name or an IP address (IPv6 in brackets)",
            "sources.a.http: \"http://${TWO}/\": the environment variable TWO must be set");
  }

  @Test
  void aPostIsNotRepeated() {
    String allowed = ": left out with method post, since a POST is not repeated unless it is safe";
    assertThat(of("http: 'http://h/', method: post, retries: 1, hedgeAfter: p95, maxAge: 1s"))
        .containsExactly(
            "retries: 1" + allowed, "hedgeAfter: p95" + allowed, "maxAge: 1s" + allowed);
    assertThat(of("http: 'http://h/', method: post, retries: 0, maxAge: 0s")).isEmpty();
  }

  @Test
  void answersAreKeptByTheirOwnWordsOrByMaxAgeAndNotByBoth() {
    String http = "http: 'http://h/', cache: http";
    assertThat(of(http + ", staleIfError: 1h, staleWhileRevalidate: 10s")).isEmpty();
    assertThat(of(http + ", maxAge: 0s")).isEmpty();
    assertThat(of("http: 'http://h/', cache: none, maxAge: 1s")).isEmpty();
    assertThat(of(http + ", maxAge: 1s, staleIfError: 1h"))
        .containsExactly(
            "maxAge: 1s: left out with cache http, by which each answer says how long it is kept");
    assertThat(of("http: 'http://h/', cache: none, staleIfError: 1h"))
        .containsExactly(
            "staleIfError: 1h: left out without maxAge or cache http, since there is nothing in"
                + " memory");
    assertThat(of(http + ", method: post"))
        .containsExactly(
            "cache: http: left out with method post, since a POST is not repeated unless it is"
                + " safe");
    assertThat(of(http + ", method: post, safe: true")).isEmpty();
  }

  @Test
  void thereAre64FieldsAtMost() {
    String most =
        IntStream.range(0, 64).mapToObj(i -> "f" + i + ": x").collect(Collectors.joining(", "));
    assertThat(of("http: 'http://h/', fields: {" + most + "}")).isEmpty();
    assertThat(of("http: 'http://h/', fields: {" + most + ", f: x}"))
        .containsExactly("fields: 65 of them: at most 64 fields");
    assertThat(of("address: x, fields: {f: '" + "a.".repeat(31) + "a'}")).isEmpty();
    assertThat(of("address: x, fields: {f: '" + "a.".repeat(32) + "a'}")).hasSize(1);
  }

  @Test
  void aUrlTakesOnlyWhatTheFieldsOfANeedLeave() {
    String needed = "sources: {b: {address: b, fields: {city: address.city}}, a: {needs: [b], ";
    assertThat(faults(needed + "http: 'http://h/{b.city.0}'}}\n")).isEmpty();
    assertThat(faults(needed + "http: 'http://h/{b.address.city}'}}\n"))
        .containsExactly(
            "sources.a.http: {b.address.city}:"
                + " variables of the value of b, that is, of sources.b.fields");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "body: '{x}'             | body: (not shown): JSON whose variables are {id}, {user.…} with",
        "body: {a: ['b {id']}    | body: (not shown): JSON in whose texts braces stand in pairs",
        "body: {a: '}'}          | body: (not shown): JSON in whose texts braces stand in pairs",
        "body:                   | body: (not shown): JSON with variables, such as {user:"
            + " \"{id}\"}",
        "body: {a: '${NO}'}      | body: (not shown): the environment variable NO must be set",
        "body: {a: '{b.x}'}      | body: {b.…}: variables of the sources in needs",
        "safe: maybe             | safe: \"maybe\": true or false",
      })
  void aWrongBodyIsToldWithoutShowingIt(String keys, String fault) {
    assertThat(of("http: 'http://h/', method: post, " + keys))
        .singleElement()
        .satisfies(line -> assertThat(line).startsWith(fault));
  }

  @Test
  void aBodyAndWhetherItOnlyAsksGoWithAPostAlone() {
    assertThat(of("http: 'http://h/', body: {a: 1}, safe: true"))
        .containsExactly(
            "body: given: left out without method post",
            "safe: true: left out without method post");
    assertThat(
            of(
                "http: 'http://h/', method: post, body: {a: 1}, safe: true, retries: 2,"
                    + " hedgeAfter: p95, maxAge: 1s"))
        .isEmpty();
  }

  @Test
  void aBodyOfAFlagIsJson() {
    String post = "sources: {a: {http: 'http://h/', method: post}}\n";
    assertThat(faults(post, Map.of(), "sources.a.body={\"a\":\"{id}\"}")).isEmpty();
    assertThat(faults(post, Map.of(), "sources.a.body={hunter2"))
        .containsExactly("sources.a.body: (not shown): JSON (from --set)");
    assertThat(faults(post, Map.of("ROLLCALL_SOURCES_A_BODY", "{} hunter2")))
        .containsExactly(
            "sources.a.body: (not shown): JSON (from the environment variable"
                + " ROLLCALL_SOURCES_A_BODY)");
  }

  @Test
  void aBodyTakesOnlyWhatTheFieldsOfANeedLeave() {
    String needed =
        "sources: {b: {address: b, fields: {city: address.city}}, a: {needs: [b],"
            + " http: 'http://h/', method: post, body: {x: ";
    assertThat(faults(needed + "'{b.city}'}}}\n")).isEmpty();
    assertThat(faults(needed + "'{b.address}'}}}\n"))
        .containsExactly(
            "sources.a.body: {b.address}:"
                + " variables of the value of b, that is, of sources.b.fields");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cookie", "Accept", "host", "Content-Type", "connection", "Proxy-Authorization", "te",
        "traceparent", "x-request-id", "Rollcall-Deadline-Ms", "if-none-match", "a b", "", "ä",
      })
  void aHeaderThatIsNotTheCallersOwnIsNotForwarded(String name) {
    assertThat(of("http: 'http://h/', forward: ['" + name + "']"))
        .singleElement()
        .satisfies(
            line ->
                assertThat(line)
                    .startsWith("forward: \"" + name)
                    .contains(": the name of a header of the caller's own; not cookie"));
  }

  @Test
  void aForwardedHeaderStandsOnceAndIsNoneOfItsOwn() {
    assertThat(of("http: 'http://h/', forward: [Authorization, authorization]"))
        .containsExactly("forward: \"authorization\": each of them once");
    assertThat(of("http: 'http://h/', forward: [x-key], headers: {X-Key: a}"))
        .containsExactly("forward: \"X-Key\": headers that are not among headers");
    assertThat(of("address: x, forward: [authorization]"))
        .containsExactly("forward: given: left out with an address, since it is about HTTP");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clientId: a, clientSecret: b          | token.url: left out: an http or https URL without",
        "url: 'http://i/', clientSecret: b     | token.clientId: left out: 1 to 1024 characters",
        "url: 'http://i/', clientId: a         | token.clientSecret: left out: 1 to 8192"
            + " characters",
        "url: 'ftp://i/', clientId: a, clientSecret: b | token.url: (not shown): an http or https",
        "url: 'http://i/{id}', clientId: a, clientSecret: b | token.url: (not shown): an http or",
        "url: 'http://i/', clientId: a, clientSecret: 'ä' | token.clientSecret: (not shown): 1 to",
        "url: 'http://i/', clientId: a, clientSecret: b, scope: 'a  b' | token.scope: \"a  b\":"
            + " sco",
      })
  void aWrongTokenIsToldWithoutItsSecrets(String token, String fault) {
    assertThat(of("http: 'http://h/', token: {" + token + "}"))
        .singleElement()
        .satisfies(line -> assertThat(line).startsWith(fault));
  }

  @Test
  void aTokenIsTheOnlyAuthorization() {
    String token = "http: 'http://h/', token: {url: 'http://i/', clientId: a, clientSecret: b}";
    assertThat(of(token)).isEmpty();
    assertThat(of(token + ", headers: {Authorization: x}"))
        .containsExactly(
            "headers: authorization: left out with a token, which is the header Authorization");
    assertThat(of(token + ", forward: [authorization]"))
        .containsExactly(
            "forward: authorization: left out with a token, which is the header Authorization");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "method: delete                        | erase.http: left out: an http or https URL, in",
        "http: 'http://e/secret'               | erase.http: (not shown): an http or https URL, in",
        "http: 'http://e/{user.email}'         | erase.http: (not shown): an http or https URL, in",
        "http: 'http://e/{id}/{user.email}'    | erase.http: (not shown): an http or https URL, in",
        "http: 'ftp://e/{id}'                  | erase.http: (not shown): an http or https URL",
        "http: 'http://u:p@e/{id}'             | erase.http: (not shown): a URL without a user and",
        "http: 'http://e/{id}', method: get    | erase.method: \"get\": delete or post",
        "http: 'http://e/{id}', methods: post  | erase.methods: unknown key; did you mean",
      })
  void aWrongTargetOfErasuresIsToldWithoutItsUrl(String erase, String fault) {
    assertThat(of("http: 'http://h/', erase: {" + erase + "}"))
        .singleElement()
        .satisfies(line -> assertThat(line).startsWith(fault));
  }

  @Test
  void aSourceOnTheBusIsToldOverHttpToErase() {
    assertThat(of("address: x, erase: {http: 'http://e/{id}'}")).isEmpty();
  }

  @Test
  void authoritiesAreTrustedOverTlsOnly() {
    assertThat(of("http: 'http://h/', trust: a.pem"))
        .containsExactly("trust: given: left out without https, which alone looks at it");
    assertThat(of("http: 'https://h/', trust: a.pem")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host",
        "Content-Length",
        "transfer-encoding",
        "connection",
        "TE",
        "upgrade",
        "keep-alive",
        "expect",
        "Accept-Encoding",
        "content-type",
        "Rollcall-Deadline-Ms",
        "traceparent",
        "Tracestate",
        "baggage",
        "X-Request-Id",
        "a b",
        "a:",
        "",
        "ä",
      })
  void aHeaderThatIsNotForSettingsIsRefused(String name) {
    assertThat(of("http: 'http://h/', headers: {\"" + name + "\": hunter2}"))
        .singleElement()
        .satisfies(
            line ->
                assertThat(line)
                    .startsWith("headers." + name + ": \"" + name + "\": the name of a header; not")
                    .doesNotContain("hunter2"));
  }

  @Test
  void aHeaderStandsOnceWhateverItsCase() {
    assertThat(of("http: 'http://h/', headers: {X-Key: a, x-key: b, X.y!: c}"))
        .containsExactly(
            "headers: \"X-Key\" and \"x-key\":"
                + " each header once, since upper and lower case mean the same");
  }

  @Test
  void thereAreFiftyHeadersAtMost() {
    String fifty =
        IntStream.range(0, 50).mapToObj(i -> "X-" + i + ": a").collect(Collectors.joining(", "));
    assertThat(of("http: 'http://h/', headers: {" + fifty + "}")).isEmpty();
    assertThat(of("http: 'http://h/', headers: {" + fifty + ", X: a}"))
        .containsExactly("headers: 51 of them: at most 50 headers");
  }

  @Test
  void theValueOfAHeaderIsNeverShown() {
    String yaml =
        """
        sources:
          a:
            http: http://h/
            headers: {A: "${SECRET}", B: "hunter2\\t", C: 1, D: "hünter2", E: , F: [hunter2], H: "hunter2 ${NO}"}
        """;
    List<String> faults =
        faults(
            yaml,
            Map.of("SECRET", "hunter2\n", "ROLLCALL_SOURCES_A_HEADERS_E", "hunter2\n"),
            "sources.a.headers.G=hunter2\u007F");
    assertThat(faults).hasSize(8).noneMatch(line -> line.contains("hunter2"));
    assertThat(faults)
        .contains("sources.a.headers.H: (not shown): the environment variable NO must be set")
        .contains(
            "sources.a.headers.A: (not shown): at most 8192 characters of ASCII,"
                + " no control characters; a number in quotes");
    assertThat(faults("sources: {a: {http: http://h/, headers: {A: '', B: ' !~'}}}\n")).isEmpty();
  }

  @Test
  void faultsAcrossKeysAreToldBesideThoseOfSingleKeys() {
    String yaml =
        """
        http: {port: eighty}
        sources:
          a: {http: "http://h/{b.x}", method: post, retries: 1, timeout: soon, hedgeAfter: 2s}
          b: {http: [], needs: [c]}
          c: {address: x, http2: true, needs: [b]}
        """;
    String notRepeated =
        ": left out with method post, since a POST is not repeated unless it is safe";
    assertThat(faults(yaml))
        .containsExactlyInAnyOrder(
            "http.port: \"eighty\": an integer from 0 to 65535",
            "sources.a.timeout: \"soon\": " + TIME,
            "sources.a.http: {b.…}: variables of the sources in sources.a.needs",
            "sources.a.retries: 1" + notRepeated,
            "sources.a.hedgeAfter: 2s" + notRepeated,
            "sources.b.http: an empty list: 1 to 8 URLs",
            "sources.c.http2: given: left out with an address, since it is about HTTP",
            "sources.b.needs: b → c → b: needs that don't go in circles");
  }

  @Test
  void whatFollowsFromAKeyAtFaultIsNotTold() {
    assertThat(of("http: ftp://h/, address: ' '")).hasSize(2);
    assertThat(of("http: 'http://h/{b.x}', needs: ['']")).hasSize(1);
    assertThat(of("http: 'http://h/', timeout: 0s, hedgeAfter: 2s")).hasSize(1);
  }
}
