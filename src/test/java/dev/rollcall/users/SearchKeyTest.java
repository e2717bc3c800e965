package dev.rollcall.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchKeyTest {

  private static boolean begins(String name, String prefix) {
    byte[] key = SearchKey.of(name);
    byte[] from = SearchKey.of(prefix);
    return Arrays.compareUnsigned(key, from) >= 0
        && Arrays.compareUnsigned(key, SearchKey.above(from)) < 0;
  }

  @ParameterizedTest
  @CsvSource({
    "Alice, aLICE",
    "Émile, éMILE",
    "Émile, E\u0301mile",
    "ЖАННА, жанна",
    "ὈΔΥΣΣΕΎΣ, Ὀδυσσεύς",
    "ΣΊΣΥΦΟΣ, Σίσυφος",
    "\u212aelvin, kelvin",
    "\u212bngstr\u00f6m, \u00c5NGSTR\u00d6M",
    "STRA\u1e9eE, stra\u00dfe",
    "\u01c5, \u01c6",
    "\u01c4, \u01c5",
    "I\u0307stanbul, \u0130STANBUL",
    "\ud801\udc00, \ud801\udc28",
    "J\u030c, \u01f0",
    "H\u0331, \u1e96",
    "\u017ftop, STOP",
    "ﬀ, ﬀ",
    "田中, 田中",
  })
  void comparesIgnoringCaseAndComposition(String one, String other) {
    assertThat(SearchKey.of(one)).isEqualTo(SearchKey.of(other));
  }

  @ParameterizedTest
  @CsvSource({"e, é", "ss, ß", "fi, ﬁ", "o, ø", "1, ①", "a, ａ", "е, e"})
  void lettersThatMerelyLookAlikeDiffer(String one, String other) {
    assertThat(SearchKey.of(one)).isNotEqualTo(SearchKey.of(other));
  }

  @ParameterizedTest
  @CsvSource({"I", "i", "\u0130", "\u0131"})
  void allFourTurkishFormsOfTheLetterIFindEachOther(String letter) {
    assertThat(SearchKey.of(letter)).isEqualTo(SearchKey.of("i"));
  }

  @ParameterizedTest
  @CsvSource({
    "Ὀδυσσεύς, ὈΔΥΣΣΕΎΣ",
    "Ὀδυσσεύς Λαερτιάδης, ὈΔΥΣΣΕΎΣ",
    "Ὀδυσσεύς, ὀδυς",
    "\u212aelvin, KE",
    "\u0130stanbul, ist",
    "Straße, STRAẞ",
    "😀 smile, 😀",
    "\uffee\uffee, \uffee",
    "\udbff\udfff\udbff\udfff, \udbff\udfff",
  })
  void aNameIsAmongThoseWithItsBeginning(String name, String prefix) {
    assertThat(begins(name, prefix)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"Alice, Alicf", "Alice, lice", "Al, Ali", "😀, 😁", "é, e", "b, a", "a, b"})
  void aNameIsNotAmongThoseWithAnotherBeginning(String name, String prefix) {
    assertThat(begins(name, prefix)).isFalse();
  }

  /** Any name begins with any cut of it that doesn't part a letter from its marks. */
  @Test
  void everyLetterFindsTheNamesThatBeginWithIt() {
    Random random = new Random(5);
    List<String> lost = new ArrayList<>();
    for (int c = 1; c <= Character.MAX_CODE_POINT; c++) {
      boolean mark = Character.getType(c) == Character.NON_SPACING_MARK;
      if (Character.isDefined(c) && c != 0xD800 && !isSurrogate(c) && !mark) {
        String letter = Character.toString(c);
        String name = letter + (char) ('a' + random.nextInt(26)) + letter;
        if (!begins(name, letter)) {
          lost.add(String.format(Locale.ROOT, "U+%04X", c));
        }
      }
    }
    assertThat(lost).isEmpty();
  }

  private static boolean isSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  @Test
  void theCaseOfALetterNeverMatters() {
    List<String> different = new ArrayList<>();
    for (int c = 1; c <= Character.MAX_CODE_POINT; c++) {
      if (Character.isDefined(c) && !isSurrogate(c)) {
        byte[] key = SearchKey.of(Character.toString(c));
        byte[] upper = SearchKey.of(Character.toString(Character.toUpperCase(c)));
        byte[] lower = SearchKey.of(Character.toString(Character.toLowerCase(c)));
        if (!Arrays.equals(upper, key) || !Arrays.equals(lower, key)) {
          different.add(String.format(Locale.ROOT, "U+%04X", c));
        }
      }
    }
    assertThat(different).isEmpty();
  }
}
