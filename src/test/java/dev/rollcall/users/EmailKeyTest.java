package dev.rollcall.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmailKeyTest {

  @ParameterizedTest
  @CsvSource({
    "Alice@Example.ORG, aLICE@eXAMPLE.org",
    "caf\u00e9@example.org, CAFe\u0301@example.org",
    "a@b\u00fccher.example, A@Bu\u0308CHER.example",
    "田中@example.org, 田中@EXAMPLE.org"
  })
  void theseAreOneAddress(String one, String other) {
    assertThat(EmailKey.of(one)).isEqualTo(EmailKey.of(other));
  }

  @ParameterizedTest
  @CsvSource({
    "mike@example.org, m\u0131ke@example.org",
    "mike@example.org, m\u0130ke@example.org",
    "mike@example.org, mi\u212ae@example.org",
    "sam@example.org, \u017fam@example.org",
    "a@site.example, a@\u017fite.example",
    "a@kit.example, a@\u212ait.example",
    "a@x.example, \uff41@x.example",
    "a;@x.example, a\u037e@x.example",
    "\u00e9@x.example, \u00c9@x.example",
    "stra\u00dfe@x.example, STRA\u1e9eE@x.example",
    "\u00e5@x.example, \u212b@x.example",
    "\u00c5@x.example, \u212b@x.example",
    "\u03a9@x.example, \u2126@x.example",
    "\u03c3@x.example, \u03c2@x.example",
    "\u0430@x.example, a@x.example",
    "fi@x.example, \ufb01@x.example"
  })
  void theseAreTwo(String one, String other) {
    assertThat(EmailKey.of(one)).isNotEqualTo(EmailKey.of(other));
  }

  @Test
  void noOtherCharacterHasTheKeyOfAnAsciiOne() {
    List<String> ascii = new ArrayList<>();
    for (int c = 0x80; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        // In UTF-8 only ASCII has bytes that are not negative.
        for (byte each : EmailKey.of(Character.toString(c))) {
          if (each >= 0) {
            ascii.add(String.format(Locale.ROOT, "U+%04X", c));
          }
        }
      }
    }
    assertThat(ascii).isEmpty();
  }

  @Test
  void anAsciiAddressKeepsItsKeyOfBefore() {
    for (char c = 1; c < 0x80; c++) {
      String text = Character.toString(c);
      assertThat(EmailKey.of(text))
          .isEqualTo(text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8))
          .isEqualTo(SearchKey.of(text));
    }
  }

  /**
   * Before, addresses were compared by the key of names. Whoever differed then differs now, so that
   * a migration finds room for everybody, and no new key is another's old one.
   */
  @Test
  void whatDifferedBeforeDiffersStill() {
    Random random = new Random(20261128);
    String letters =
        "aAbBkK\u212aiI\u0131\u0130sS\u017f\u00e9\u00c9eE\u0301\u0300\u0340\u00e0\u00c0"
            + "\u00e5\u00c5\u212b\u030a\u03a9\u03c9\u2126\u03c3\u03c2\u03a3\u00df\u1e9e\u01c4\u01c5\u01c6"
            + "\u01f0j\u030cJ\u0307\u0958\u0915\u093c\uf900\u8c48\u0344\u0308\u1100\u1161\uac00";
    Map<String, String> before = new HashMap<>();
    List<String> another = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    for (int round = 0; round < 300_000; round++) {
      StringBuilder text = new StringBuilder();
      int length = 1 + random.nextInt(4);
      for (int i = 0; i < length; i++) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      String email = text.toString();
      byte[] old = SearchKey.of(email);
      String key = new String(EmailKey.of(email), StandardCharsets.UTF_8);
      String known = Arrays.toString(old);
      if (!before.merge(key, known, (one, other) -> one).equals(known)) {
        another.add(email);
      }
      if (!Arrays.equals(SearchKey.of(key), old)) {
        changed.add(email);
      }
    }
    assertThat(another).as("these have another old key for their new one").isEmpty();
    assertThat(changed).as("the old key of their new one is another").isEmpty();
  }
}
