package dev.rollcall.sources.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.RetryAfter;
import dev.rollcall.sources.Fetch;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.limits.UrlPauses;
import dev.rollcall.views.ViewsHarness;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources that ask to be left alone for a time. */
class RetryAfterTest {

  private final List<Long> asked = new CopyOnWriteArrayList<>();

  /** Answers the first question with a status and how long to wait, others with what is asked. */
  private RawUpstream once(String status, String after) {
    return new RawUpstream(
        socket ->
            socket.handler(
                question -> {
                  asked.add(System.nanoTime());
                  socket.write(
                      asked.size() == 1
                          ? AnswerFault.answer(status, "retry-after: " + after + "\r\n", "{}")
                          : AnswerFault.ok(42));
                }));
  }

  private static ViewsHarness harness(String urls, String... settings) {
    String[] all = new String[settings.length + 3];
    all[0] = "sources.a.http=" + urls;
    all[1] = "sources.a.retries=3";
    all[2] = "views.v.sources=a";
    for (int i = 0; i < settings.length; i++) {
      all[i + 3] = "sources.a." + settings[i];
    }
    return new ViewsHarness(all);
  }

  private static Fetch.Outcome ask(ViewsHarness harness, int seconds) {
    Context loop = harness.loops(1).get(0);
    return ViewsHarness.await(harness.ask(loop, "a", 42, Duration.ofSeconds(seconds)).answer());
  }

  @ParameterizedTest
  @ValueSource(strings = {"503 X", "429 X"})
  void isNotAskedAgainByAnybodyBeforeThatTimeAndEndsAtOnceWhereThereIsLess(String status) {
    try (RawUpstream raw = once(status, "60");
        ViewsHarness harness = harness(raw.url("/"))) {
      assertThat(ask(harness, 15).reply().ending()).isNotEqualTo(SourceReply.Ending.OK);
      for (int i = 0; i < 3; i++) {
        Fetch.Outcome next = ask(harness, 15);
        assertThat(next.reply()).isEqualTo(SourceReply.refused(UrlPauses.ASKED_TO_WAIT));
        assertThat(next.attempts()).isZero();
      }
      assertThat(asked).hasSize(1);
    }
  }

  @Test
  void isAskedAgainAfterThatTimeWhereThereIsMore() {
    try (RawUpstream raw = once("503 X", "1");
        ViewsHarness harness = harness(raw.url("/"))) {
      assertThat(ask(harness, 15).reply().value()).hasToString("{\"id\":42}");
      assertThat(asked).hasSize(2);
      assertThat(asked.get(1) - asked.get(0))
          .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(990));
    }
  }

  @Test
  void anotherQuestionWaitsForItToo() {
    try (RawUpstream raw = once("429 X", "1");
        ViewsHarness harness = harness(raw.url("/"))) {
      assertThat(ask(harness, 15).reply())
          .isEqualTo(SourceReply.rejected("status 429").whenOverloaded());
      assertThat(ask(harness, 15).reply().value()).hasToString("{\"id\":42}");
      assertThat(asked.get(1) - asked.get(0))
          .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(990));
    }
  }

  @Test
  void anotherUrlIsAskedMeanwhile() {
    try (RawUpstream raw = once("503 X", "60");
        RawUpstream other =
            new RawUpstream(socket -> socket.handler(q -> socket.write(AnswerFault.ok(7))));
        ViewsHarness harness = harness(raw.url("/") + "," + other.url("/"))) {
      for (int i = 0; i < 3; i++) {
        assertThat(ask(harness, 15).reply().value()).hasToString("{\"id\":7}");
      }
      assertThat(asked).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0                             | 0",
        "7                             | 7000",
        "999999999                     | 60000",
        "99999999999999999999          | 60000",
        "Thu, 01 Jan 1970 00:01:00 GMT | 60000",
        "Thu, 01 Jan 1970 00:00:00 GMT | 0",
        "-5                            | 0",
        "1.5                           | 0",
        "soon                          | 0",
        "٣                             | 0",
        "''                            | 0",
      })
  void readsSecondsAndDatesAndNothingElse(String text, long millis) {
    assertThat(RetryAfter.millis(text, Instant.EPOCH, 60_000)).isEqualTo(millis);
  }

  @Test
  void noUrlIsLeftAloneForMoreThanAMinute() {
    UrlPauses pauses = new UrlPauses(2);
    pauses.pause(0, Long.MAX_VALUE);
    assertThat(pauses.millis(0)).isBetween(59_000L, 60_001L);
    assertThat(pauses.next(1)).isEqualTo(2);
    assertThat(pauses.next(2)).isEqualTo(2);
    assertThat(pauses.shortest()).isZero();
    pauses.pause(1, 30_000);
    pauses.pause(1, 10);
    assertThat(pauses.next(1)).isZero();
    assertThat(pauses.shortest()).isBetween(29_000L, 30_001L);
  }
}
