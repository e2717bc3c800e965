package dev.rollcall.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.sources.Owner;
import dev.rollcall.sources.SourceResult;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What each mode makes of how three sources end. A source that is {@code silent} never replies, and
 * has 150 ms for that; all others have 5 s, so that for one that is {@code mute} a deadline comes
 * first.
 */
@Tag("slow")
class ViewModesTest {

  /** The first answer takes much longer than any other, since classes are loaded for it. */
  @BeforeAll
  static void warmUp() {
    try (ViewsHarness harness = serving("", "ok", "ok", "ok")) {
      harness.fetch("v", null);
    }
  }

  private static ViewsHarness serving(String required, String... ways) {
    List<String> sets =
        new ArrayList<>(
            List.of(
                "views.v.sources=a,b,c",
                "views.v.modes=all,any,race,sequential",
                "views.v.deadline=9s"));
    if (!required.isEmpty()) {
      sets.add("views.v.required=" + required);
    }
    for (int i = 0; i < ways.length; i++) {
      String name = String.valueOf("abc".charAt(i));
      sets.add("sources." + name + ".address=test." + name);
      sets.add("sources." + name + ".timeout=" + (ways[i].equals("silent") ? "150ms" : "5s"));
    }
    ViewsHarness harness = new ViewsHarness(sets.toArray(String[]::new));
    for (int i = 0; i < ways.length; i++) {
      String way = ways[i];
      harness.own("test." + "abc".charAt(i), message -> end(message, way));
    }
    return harness;
  }

  private static void end(Message<JsonObject> message, String way) {
    switch (way) {
      case "ok" -> message.reply(new JsonObject());
      case "absent" -> message.fail(404, "none");
      case "fails" -> message.fail(500, "broken");
      default -> {}
    }
  }

  private static int code(ViewAnswer answer) {
    Failure failure = answer.failure();
    return failure == null ? 200 : failure.kind().status();
  }

  private static String statuses(ViewAnswer answer) {
    return answer.results().stream()
        .map(result -> result.status().json())
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest(name = "{0}, required {1}: {2}, {3}, {4} gives {5}")
  @CsvSource({
    "all,        '',  ok,     ok,     ok,     200, true,  ok ok ok",
    "all,        '',  ok,     absent, ok,     200, true,  ok absent ok",
    "all,        '',  ok,     fails,  ok,     200, false, ok failed ok",
    "all,        '',  ok,     silent, ok,     200, false, ok timeout ok",
    "all,        '',  fails,  silent, absent, 200, false, failed timeout absent",
    "all,        a,   absent, ok,     ok,     200, true,  absent ok ok",
    "all,        a,   ok,     silent, fails,  200, false, ok timeout failed",
    "all,        a,   fails,  mute,   mute,   502, false, failed cancelled cancelled",
    "all,        b,   ok,     fails,  mute,   502, false, ok failed cancelled",
    "all,        a,   silent, ok,     mute,   504, false, timeout ok cancelled",
    "all,        c,   mute,   mute,   silent, 504, false, cancelled cancelled timeout",
    "any,        '',  ok,     mute,   mute,   200, true,  ok cancelled cancelled",
    "any,        '',  mute,   fails,  ok,     200, true,  cancelled failed ok",
    "any,        '',  absent, mute,   ok,     200, true,  absent cancelled ok",
    "any,        '',  absent, absent, absent, 200, true,  absent absent absent",
    "any,        '',  silent, silent, silent, 504, false, timeout timeout timeout",
    "any,        '',  silent, absent, silent, 502, false, timeout absent timeout",
    "any,        '',  silent, fails,  silent, 502, false, timeout failed timeout",
    "any,        '',  absent, fails,  absent, 502, false, absent failed absent",
    "race,       '',  ok,     mute,   mute,   200, true,  ok cancelled cancelled",
    "race,       '',  mute,   absent, mute,   200, true,  cancelled absent cancelled",
    "race,       '',  mute,   mute,   fails,  502, false, cancelled cancelled failed",
    "race,       '',  silent, mute,   mute,   504, false, timeout cancelled cancelled",
    "sequential, '',  ok,     absent, ok,     200, true,  ok absent ok",
    "sequential, '',  fails,  silent, ok,     200, false, failed timeout ok",
    "sequential, b,   fails,  absent, ok,     200, false, failed absent ok",
    "sequential, b,   ok,     fails,  ok,     502, false, ok failed skipped",
    "sequential, 'a,b', silent, ok,   ok,     504, false, timeout skipped skipped",
  })
  void endsAsItsSourcesDo(
      String mode,
      String required,
      String a,
      String b,
      String c,
      int code,
      boolean complete,
      String statuses) {
    try (ViewsHarness harness = serving(required, a, b, c)) {
      ViewAnswer answer = harness.fetch("v", mode);
      assertThat(statuses(answer)).isEqualTo(statuses);
      assertThat(code(answer)).isEqualTo(code);
      assertThat(answer.complete()).isEqualTo(complete);
    }
  }

  @ParameterizedTest(name = "{0}, required {1}, at its deadline: {2}, {3}, {4} gives {5}")
  @CsvSource({
    "all,        '', ok,    mute,  fails, 200, ok timeout failed",
    "all,        a,  ok,    mute,  ok,    200, ok timeout ok",
    "all,        b,  ok,    mute,  fails, 504, ok timeout failed",
    "any,        '', mute,  mute,  mute,  504, timeout timeout timeout",
    "any,        '', fails, mute,  mute,  502, failed timeout timeout",
    "race,       '', mute,  mute,  mute,  504, timeout timeout timeout",
    "sequential, '', ok,    mute,  ok,    200, ok timeout skipped",
    "sequential, a,  ok,    mute,  ok,    200, ok timeout skipped",
    "sequential, b,  ok,    mute,  ok,    504, ok timeout skipped",
    "sequential, c,  ok,    mute,  ok,    504, ok timeout skipped",
  })
  void keepsItsDeadline(
      String mode, String required, String a, String b, String c, int code, String statuses) {
    try (ViewsHarness harness = serving(required, a, b, c)) {
      ViewAnswer answer = harness.fetch("v", mode, Duration.ofSeconds(1));
      assertThat(statuses(answer)).isEqualTo(statuses);
      assertThat(code(answer)).isEqualTo(code);
      assertThat(answer.complete()).isFalse();
      assertThat(Duration.ofNanos(answer.nanos())).isLessThan(Duration.ofSeconds(4));
    }
  }

  @Test
  void aFailureNamesTheRequiredSourceThatFailed() {
    try (ViewsHarness harness = serving("a,b", "mute", "fails", "mute")) {
      ViewAnswer answer = harness.fetch("v", "all");
      assertThat(answer.failure()).hasMessage("the required source b: code 500");
      assertThat(answer.results())
          .extracting(SourceResult::detail)
          .containsExactly("a required source failed", "code 500", "a required source failed");
    }
  }

  @Test
  void aLostRaceIsToldToItsLosers() {
    try (ViewsHarness harness = serving("", "mute", "ok", "mute")) {
      Owner cancelled = harness.owner("test.nobody");
      ViewAnswer answer = harness.fetch("v", "race");
      assertThat(answer.results().get(0).detail()).isEqualTo("another source was faster");
      assertThat(List.of(cancelled.cancelled(), cancelled.cancelled())).doesNotHaveDuplicates();
    }
  }

  @Test
  void sequentialAsksNobodyBeforeItsTurn() {
    try (ViewsHarness harness =
        new ViewsHarness(
            "sources.a.address=test.a",
            "sources.b.address=test.b",
            "views.v.mode=sequential",
            "views.v.sources=b,a")) {
      Owner a = harness.owner("test.a");
      Owner b = harness.owner("test.b");
      Future<ViewAnswer> answer = harness.begin("v", null, 42, new Cancellation());
      Message<JsonObject> first = b.next();
      assertThat(a.count()).isZero();
      first.reply(1);
      a.next().reply(2);
      assertThat(statuses(ViewsHarness.await(answer))).isEqualTo("ok ok");
    }
  }
}
