package dev.rollcall.sources.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.sources.Fetch;
import dev.rollcall.sources.SourceStatus;
import dev.rollcall.views.ViewsHarness;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Heads that are to mislead a cache, or to fill it. */
@TestInstance(Lifecycle.PER_CLASS)
class HostileCachingTest {
  private static final String FRESH = "200\nCache-Control: max-age=600\n";

  private final ScriptedOrigin origin = new ScriptedOrigin();
  private final ViewsHarness harness =
      new ViewsHarness(
          "sources.a.http=" + origin.url("/{id}"),
          "sources.a.cache=http",
          "sources.a.breaker.failures=0",
          "sources.a.timeout=15s",
          "sources.small.http=" + origin.url("/{id}"),
          "sources.small.cache=http",
          "sources.small.cacheLimit=200KiB",
          "views.v.sources=a,small",
          "views.v.deadline=20s");
  private long lastUser;

  @AfterAll
  void close() {
    harness.close();
    origin.close();
  }

  /** The second of two fetches of one answer. */
  private Fetch.Outcome second(String answer) {
    long user = ++lastUser;
    origin.script("/" + user, answer);
    Fetch.Outcome first = CachedSources.ask(harness, "a", user);
    assertThat(first.reply().status()).isIn(SourceStatus.OK, SourceStatus.FAILED);
    return CachedSources.ask(harness, "a", user);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Cache-Control: max-age=99999999999999999999999999999999 | true",
        "Cache-Control: max-age=-1                               | false",
        "Cache-Control: max-age=                                 | false",
        "Cache-Control: max-age                                  | false",
        "Cache-Control: max-age=600, max-age=599                 | false",
        "Cache-Control: max-age=600, x=\"                        | false",
        "Cache-Control: ,,, ,=,=\"\",max-age=600                 | true",
        "Expires: Fri, 99 Foo 9999 99:99:99 GMT                  | false",
        "Expires: Fri, 31 Dec 999999999999 23:59:59 GMT          | false",
        "Expires: -1                                             | false"
      })
  void numbersAndDatesThatAreNoneMeanThatItIsNotUsedAgain(String header, boolean isUsed) {
    assertThat(second("200\n" + header).attempts()).isEqualTo(isUsed ? 0 : 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Age: -99999999999999999999             | true",
        "Age: 99999999999999999999              | false",
        "Age: ,                                 | true",
        "Date: Thu, 01 Jan 1970 00:00:00 GMT    | false",
        "Date: Fri, 31 Dec 9999 23:59:59 GMT    | true",
        "Date: yesterday                        | true",
        "Vary: ,,,                              | true",
        "Vary: x-request-id                     | false",
        "Vary: Traceparent                      | false",
        "ETag: W/\"a b\"                        | true",
        "Last-Modified: never                   | true"
      })
  void whatStandsBesideALifetimeIsReadAsTheRfcSays(String header, boolean isUsed) {
    assertThat(second(FRESH + header).attempts()).isEqualTo(isUsed ? 0 : 1);
  }

  @Test
  void anAnswerWhoseHeadIsTooLargeIsNone() {
    Fetch.Outcome outcome = second(FRESH + "ETag: \"" + "x".repeat(1_000_000) + "\"");
    assertThat(outcome.reply().status()).isEqualTo(SourceStatus.FAILED);
    assertThat(outcome.reply().detail()).isEqualTo("an answer whose head is too large");
  }

  @Test
  void aLongEntityTagIsNotSentBack() {
    String old = "200\nCache-Control: max-age=1, stale-if-error=60\nAge: 2\nETag: \"";
    second(old + "x".repeat(1000) + "\"");
    assertThat(origin.lastHeader("/" + lastUser, "if-none-match")).hasSize(1002);
    second(old + "x".repeat(5000) + "\"");
    assertThat(origin.lastHeader("/" + lastUser, "if-none-match")).isNull();
  }

  @Test
  void manyNamesToVaryByAreRead() {
    StringBuilder vary = new StringBuilder("Vary: accept");
    for (int i = 0; i < 1500; i++) {
      vary.append(",x-").append(i);
    }
    assertThat(second(FRESH + vary).attempts()).isZero();
    assertThat(second(FRESH + vary + ", *").attempts()).isEqualTo(1);
  }

  @Test
  void theHeadsOfAnswersCountAsWhatIsKept() {
    String large = FRESH + "ETag: \"" + "x".repeat(10_000) + "\"";
    long first = lastUser + 1;
    lastUser += 100;
    for (long user = first; user <= lastUser; user++) {
      origin.script("/" + user, large);
      CachedSources.ask(harness, "small", user);
    }
    Awaitility.await()
        .untilAsserted(
            () -> {
              double before = harness.meter("cached", "small");
              for (long user = first; user <= lastUser; user++) {
                CachedSources.ask(harness, "small", user);
              }
              assertThat(harness.meter("cached", "small") - before).isBetween(1.0, 25.0);
            });
  }

  @Test
  void aSourceThatOnlySaysThatNothingHasChangedHasNoAnswer() {
    Fetch.Outcome never = second("304\nETag: \"one\"");
    assertThat(never.reply().status()).isEqualTo(SourceStatus.FAILED);
    long user = ++lastUser;
    String old = "200\nCache-Control: max-age=1\nAge: 2\nETag: \"one\"";
    origin.script("/" + user, old, "304\nETag: \"two\"", "304\nETag: \"two\"", "200");
    CachedSources.ask(harness, "a", user);
    assertThat(CachedSources.ask(harness, "a", user).reply().detail()).isEqualTo("redirect (304)");
    assertThat(origin.asked("/" + user)).isEqualTo(3);
  }

  /**
   * Seeded: whatever stands there, there is an answer, and the text of what caches did is sound.
   */
  @Test
  void anythingAtAllEndsWell() {
    Random random = new Random(21);
    String[] names = {
      "Cache-Control", "Age", "Date", "Expires", "Vary", "ETag", "Last-Modified", "Cache-Status"
    };
    String signs = "max-age=1,s\"\\;*-/ 0967GMT:Wnocheprivate\t\u00ff";
    for (int round = 0; round < 300; round++) {
      StringBuilder answer = new StringBuilder("200");
      for (String name : names) {
        answer.append('\n').append(name).append(": ");
        for (int length = random.nextInt(30); length > 0; length--) {
          answer.append(signs.charAt(random.nextInt(signs.length())));
        }
      }
      Fetch.Outcome outcome = second(answer.toString());
      assertThat(outcome.reply().status()).as(answer.toString()).isEqualTo(SourceStatus.OK);
      assertThat(String.valueOf(outcome.caches() == null ? null : outcome.caches().text()))
          .contains("rollcall; ");
    }
  }
}
