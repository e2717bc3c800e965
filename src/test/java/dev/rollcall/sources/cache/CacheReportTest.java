package dev.rollcall.sources.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of the caches of a source. */
class CacheReportTest {

  private static String text(String header) {
    return String.valueOf(new CacheReport(header, null).text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ExampleCache; hit                       | ExampleCache; hit",
        "a;hit;ttl=-30 ,  b; fwd=uri-miss;stored | a; hit; ttl=-30, b; fwd=uri-miss; stored",
        "\"two words\"; fwd=stale; fwd-status=304 | \"two words\"; fwd=stale; fwd-status=304",
        "a; hit=?0; collapsed=?1                 | a; hit=?0; collapsed=?1",
        "a; hit; key=\"/users?secret=7\"; ttl=3  | a; hit; ttl=3",
        "a; fwd=miss; detail=anything; x=1       | a; fwd=miss"
      })
  void membersHaveWhatTheRfcDefinesWithoutKeysAndDetails(String header, String told) {
    assertThat(text(header)).isEqualTo(told);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "a,",
        "a b",
        "a; ",
        "a; hit=",
        "; hit",
        "1cache; hit",
        "\"open",
        "a; hit\u00e9",
        "a; key=\"\\x\"",
        "<script>",
        "a,,b"
      })
  void whatIsMalformedIsLeftOut(String header) {
    assertThat(text(header)).isEqualTo("null");
  }

  @Test
  void whatIsTooMuchIsLeftOut() {
    assertThat(text("a" + ", a".repeat(9))).hasSize(28);
    assertThat(text("a" + ", a".repeat(10))).isEqualTo("null");
    assertThat(text("a" + "; hit".repeat(1000))).isEqualTo("null");
  }
}
