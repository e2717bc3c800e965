package dev.rollcall.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.config.sources.ViewSettings.Mode;
import dev.rollcall.sources.Caller;
import dev.rollcall.sources.SourceResult;
import dev.rollcall.sources.SourceStatus;
import dev.rollcall.sources.Timeline;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A view's answer as JSON, and as a header. */
class ViewJsonTest {

  /** A token, its description, its duration: as the specification of the header has them. */
  private static final Pattern METRIC =
      Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+(;desc=\"[a-z]+\")?;dur=[0-9]+\\.[0-9]");

  private static ViewAnswer answer(SourceResult... results) {
    try (ViewsHarness harness =
        new ViewsHarness(
            "sources.a.address=test.a", "sources.b-2.address=b", "views.v.sources=a,b-2")) {
      return new ViewAnswer(
          ViewsHarness.await(new SampleUsers().get(42, new Cancellation())),
          new ViewRequest(
              harness.views.named("v"),
              Mode.SEQUENTIAL,
              Deadline.in(Duration.ofSeconds(1)),
              false,
              new Cancellation(),
              new Caller("request-1", TraceContext.NONE)),
          false,
          List.of(results),
          null,
          0,
          300_449_000);
    }
  }

  private static SourceResult ok(String value) {
    return new SourceResult(
        "a",
        SourceStatus.OK,
        1,
        1,
        SourceResult.NEW,
        false,
        Buffer.buffer(value),
        null,
        Timeline.NONE,
        null);
  }

  private static SourceResult failed(String detail) {
    return new SourceResult(
        "b-2",
        SourceStatus.FAILED,
        0,
        3,
        SourceResult.NEW,
        false,
        null,
        detail,
        Timeline.NONE,
        null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.50",
        "12345678901234567890.000",
        "{\"a\" : 1, \"a\":2 }",
        "\"\\u0041\\/\\ud800\"",
        "[1e400,-0]",
        "\"ü😀\"",
        "null"
      })
  void valuesStandAsTheBytesThatTheyCameAs(String value) {
    assertThat(answer(ok(value), failed("no")).json().toString())
        .contains(",\"attempts\":1,\"value\":" + value + "},\"b-2\":");
  }

  @Test
  void itIsOneObjectWithItsMembersInTheOrderOfTheContract() {
    ViewAnswer answer = answer(ok("[]"), failed("no"));
    JsonObject json = new JsonObject(answer.json());
    assertThat(json.fieldNames()).containsExactly("user", "view", "mode", "complete", "sources");
    assertThat(json.getJsonObject("user").getLong("id")).isEqualTo(42);
    assertThat(json.getString("mode")).isEqualTo("sequential");
    assertThat(json.getJsonObject("sources"))
        .isEqualTo(
            new JsonObject(
                "{\"a\":{\"status\":\"ok\",\"ms\":0.0,\"attempts\":1,\"value\":[]},"
                    + "\"b-2\":{\"status\":\"failed\",\"ms\":0.0,\"attempts\":3,"
                    + "\"detail\":\"no\"}}"));
    assertThat("{" + answer.members() + "}").isEqualTo(answer.json().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"quoted\"", "back\\slash", "line\nbreak", "ü\u0007", "</script>", ""})
  void detailsAreEscaped(String detail) {
    JsonObject json = new JsonObject(answer(ok("1"), failed(detail)).json());
    assertThat(json.getJsonObject("sources").getJsonObject("b-2").getString("detail"))
        .isEqualTo(detail);
    assertThat(json.encode()).doesNotContain("\n");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0",
    "49_999, 0.0",
    "50_000, 0.1",
    "101_349_999, 101.3",
    "101_350_000, 101.4",
    "999_960_000, 1000.0",
    "60_000_000_000, 60000.0",
  })
  void millisecondsHaveOneDecimal(String nanos, String millis) {
    long time = Long.parseLong(nanos.replace("_", ""));
    SourceResult result =
        new SourceResult(
            "a",
            SourceStatus.TIMEOUT,
            time,
            1,
            SourceResult.NEW,
            false,
            null,
            null,
            Timeline.NONE,
            null);
    ViewAnswer answer = answer(result);
    assertThat(answer.json().toString()).contains("\"ms\":" + millis + ",");
    assertThat(answer.serverTiming(null)).startsWith("a;desc=\"timeout\";dur=" + millis + ",");
  }

  @Test
  void theTimesOfAllSourcesMakeAHeader() {
    String timing = answer(ok("1"), failed("\"no\"\r\nx: y")).serverTiming(null);
    assertThat(timing).isEqualTo("a;dur=0.0, b-2;desc=\"failed\";dur=0.0, total;dur=300.4");
    assertThat(timing.split(", ")).allMatch(METRIC.asMatchPredicate());
  }

  @Test
  void aFailureLeavesTheAnswerAsItIs() {
    ViewAnswer whole = answer(ok("1"));
    Failure failure = Failure.of(Failure.Kind.BAD_GATEWAY, "no");
    ViewAnswer failed =
        new ViewAnswer(whole.user(), whole.request(), false, whole.results(), failure, 0, 1);
    assertThat(failed.json()).isEqualTo(whole.json());
  }
}
