package dev.rollcall.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The three forms of a date of HTTP. */
class HttpDateTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994"
      })
  void eachFormIsRead(String text) {
    assertThat(HttpDate.millis(text))
        .isEqualTo(Instant.parse("1994-11-06T08:49:37Z").toEpochMilli());
  }

  @Test
  void aYearOfTwoDigitsIsAtMostAboutFiftyYearsAhead() {
    DateTimeFormatter form =
        DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.US);
    ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC).withNano(0);
    for (int ahead : new int[] {-49, 0, 48}) {
      ZonedDateTime then = now.plusYears(ahead);
      assertThat(HttpDate.millis(form.format(then))).isEqualTo(then.toInstant().toEpochMilli());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06 Nov 1994 08:49:60 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov +999999999 08:49:37 GMT"
      })
  void whatHasNoneIsNoDate(String text) {
    assertThat(HttpDate.millis(text)).isEqualTo(HttpDate.NONE);
  }
}
