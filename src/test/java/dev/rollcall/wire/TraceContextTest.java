package dev.rollcall.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {

  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void whatIsWellFormedTravelsTogether() {
    MultiMap headers =
        headers("traceparent", PARENT, "TraceState", "a=1", "Baggage", "k=v;ttl=3,x=");
    List<String> told = new ArrayList<>();
    TraceContext.of(headers).forEach((name, value) -> told.add(name + ": " + value));
    assertThat(told)
        .containsExactly("traceparent: " + PARENT, "tracestate: a=1", "baggage: k=v;ttl=3,x=");
  }

  @Test
  void aRequestWithoutATraceTellsNothing() {
    assertThat(TraceContext.of(headers())).isSameAs(TraceContext.NONE);
    TraceContext.NONE.forEach(
        (name, value) -> {
          throw new AssertionError(name);
        });
  }

  @Test
  void aStateIsOfNoUseWithoutItsParentAndBaggageIs() {
    TraceContext trace =
        TraceContext.of(headers("traceparent", "nonsense", "tracestate", "a=1", "baggage", "b=2"));
    assertThat(trace).isEqualTo(new TraceContext(null, null, "b=2"));
  }

  @Test
  void severalHeadersOfANameAreOneList() {
    MultiMap headers =
        headers("tracestate", "a=1, b=2", "tracestate", "", "tracestate", "\tc=3 ,,");
    assertThat(state(headers)).isEqualTo("a=1,b=2,c=3");
    assertThat(baggage("k=1", "l=2")).isEqualTo("k=1,l=2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=1",
        "0a_-*/=x y",
        "tenant@vendor=!~",
        "1tenant@a-b=v",
        "a=!\"#$%&'()*+-./:;<>?@[\\]^_`{|}~",
        "a=1,a=2"
      })
  void aWellFormedStateGoesOnAsItCame(String text) {
    assertThat(state(headers("tracestate", text))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a=",
        "=1",
        "A=1",
        "a =1",
        "a= ",
        "a.b=1",
        "a=b=c",
        "a=\u00e9",
        "a=1\r\nx: y",
        "a@=1",
        "@v=1",
        "a@1v=1",
        "a@b@c=1",
        "a=1,b",
        "a=1;b=2,\u0001=1"
      })
  void aMalformedStateIsIgnoredAndItsParentIsNot(String text) {
    TraceContext trace = TraceContext.of(headers("traceparent", PARENT, "tracestate", text));
    assertThat(trace).isEqualTo(new TraceContext(PARENT, null, null));
  }

  @Test
  void theLengthsOfAStatesMembersAreTheStandards() {
    assertThat(state(headers("tracestate", "k".repeat(256) + "=1"))).isNotNull();
    assertThat(state(headers("tracestate", "k".repeat(257) + "=1"))).isNull();
    assertThat(state(headers("tracestate", "t".repeat(241) + "@" + "v".repeat(14) + "=1")))
        .isNotNull();
    assertThat(state(headers("tracestate", "t".repeat(242) + "@v=1"))).isNull();
    assertThat(state(headers("tracestate", "t@" + "v".repeat(15) + "=1"))).isNull();
    assertThat(state(headers("tracestate", "a=" + "x".repeat(256)))).isNotNull();
    assertThat(state(headers("tracestate", "a=" + "x".repeat(257)))).isNull();
    assertThat(state(headers("tracestate", members(32)))).isEqualTo(members(32));
    assertThat(state(headers("tracestate", members(33)))).isNull();
  }

  @Test
  void whatIsTooLongGoesOnInWholeMembersFromTheFirst() {
    String long1 = "a=" + "x".repeat(250);
    String long2 = "b=" + "y".repeat(250);
    assertThat(state(headers("tracestate", long1 + "," + long2 + ",c=3,d=4")))
        .isEqualTo(long1 + "," + long2 + ",c=3");
    assertThat(baggage("k=" + "v".repeat(8190), "l=1")).hasSize(8192);
    assertThat(baggage("k=" + "v".repeat(8191), "l=1")).isNull();
    assertThat(baggage(members(100))).isEqualTo(members(64));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key=",
        "key=value",
        "key = value",
        "key=v%20w;p1;p2=x ; p3 = y",
        "a=b=c",
        "Key!#=1",
        "k=(){}[]<>@:/?&'"
      })
  void wellFormedBaggageGoesOnAsItCame(String text) {
    assertThat(baggage(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key",
        "=v",
        "k=a b",
        "k=\"quoted\"",
        "k=a\\b",
        "k=v;",
        "k=v;=x",
        "k=\u00e9",
        "k(=v",
        "k=v\r\nx: y",
        "k=v,l"
      })
  void malformedBaggageIsIgnored(String text) {
    assertThat(baggage(text)).isNull();
  }

  @Test
  void aHostileHeaderIsReadInNoMoreThanItsLength() {
    String properties = ";p".repeat(4000) + "\"";
    assertThat(baggage("k=v" + properties)).isNull();
    assertThat(baggage("k=v" + "; ".repeat(4000))).isNull();
    assertThat(state(headers("tracestate", "a".repeat(8000)))).isNull();
    assertThat(state(headers("tracestate", ",".repeat(8000) + "a=1"))).isEqualTo("a=1");
  }

  private static String members(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "k" + i + "=" + i)
        .collect(Collectors.joining(","));
  }

  private static @Nullable String state(MultiMap headers) {
    return TraceContext.of(headers.add("traceparent", PARENT)).tracestate();
  }

  private static @Nullable String baggage(String... values) {
    MultiMap headers = headers();
    for (String value : values) {
      headers.add("baggage", value);
    }
    return TraceContext.of(headers).baggage();
  }

  private static MultiMap headers(String... namesAndValues) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return headers;
  }
}
