package dev.rollcall.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonIntegerTest {

  private static final long MAX = WholeNumber.MAX;

  private static JsonNode json(String text) {
    return StrictJson.read(text);
  }

  @ParameterizedTest
  @CsvSource({
    "7, 7",
    "7.0, 7",
    "7e0, 7",
    "7E+00, 7",
    "0.7e1, 7",
    "700e-2, 7",
    "0.0, 0",
    "-0.0, 0",
    "-0, 0",
    "0e999999999, 0",
    "0e-999999999, 0",
    "-7.0, -7",
    "9007199254740991.0, 9007199254740991",
    "9.007199254740991e15, 9007199254740991",
    "9223372036854775807.0, 9223372036854775807",
    "-9.223372036854775808e18, -9223372036854775808"
  })
  void aWholeNumberIsTheSameHoweverItIsWritten(String text, long number) {
    assertThat(JsonInteger.isWithin(json(text), number, number)).isTrue();
    assertThat(JsonInteger.of(json(text))).isEqualTo(number);
    if (number != Long.MAX_VALUE) {
      assertThat(JsonInteger.isWithin(json(text), number + 1, Long.MAX_VALUE)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7.5",
        "7.00000000000000000001",
        "75e-1",
        "1e-999999999",
        "0.1",
        "9007199254740991.5",
        "9223372036854775808",
        "9223372036854775808.0",
        "1e19",
        "1e400",
        "1e999999999",
        "-1e999999999",
        "18446744073709551617",
        "\"7\"",
        "null",
        "true",
        "[7]",
        "{}"
      })
  void whatIsNoneIsNone(String text) {
    assertThat(JsonInteger.isWithin(json(text), Long.MIN_VALUE, Long.MAX_VALUE)).isFalse();
    assertThat(JsonInteger.of(json(text))).isZero();
  }

  @Test
  void numbersOfJavaAreReadAlike() {
    for (Object seven :
        new Object[] {7, 7L, 7.0, 7.0f, BigInteger.valueOf(7), new BigDecimal("7.00")}) {
      assertThat(JsonInteger.isWithin(seven, 1, 10)).isTrue();
      assertThat(JsonInteger.of(seven)).isEqualTo(7);
    }
    for (Object none : new Object[] {7.5, Double.NaN, Double.POSITIVE_INFINITY, 1e300, "7", true}) {
      assertThat(JsonInteger.isWithin(none, Long.MIN_VALUE, Long.MAX_VALUE)).isFalse();
    }
    assertThat(JsonInteger.isWithin((Object) null, 0, 1)).isFalse();
    // Doubles can't tell neighbours apart beyond 2^53, and none of them is within.
    assertThat(JsonInteger.isWithin(9007199254740992.0, 0, MAX)).isFalse();
    assertThat(JsonInteger.of(9007199254740991.0)).isEqualTo(MAX);
  }

  @Test
  void nothingIsRoundedWhateverTheForm() {
    Random random = new Random(25);
    for (int i = 0; i < 20_000; i++) {
      long number = random.nextLong() >> random.nextInt(64);
      int shift = random.nextInt(20);
      String moved = BigDecimal.valueOf(number).movePointLeft(shift).toPlainString() + "e" + shift;
      assertThat(JsonInteger.isWithin(json(moved), number, number)).as(moved).isTrue();
      assertThat(JsonInteger.of(json(moved))).as(moved).isEqualTo(number);
      String off = number + ".0" + "0".repeat(shift) + "1";
      assertThat(JsonInteger.isWithin(json(off), Long.MIN_VALUE, Long.MAX_VALUE)).as(off).isFalse();
    }
  }
}
