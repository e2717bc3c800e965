package dev.rollcall.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserRulesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A",
        "Alice",
        "Renée O’Connor-Smith",
        "Søren Kierkegård",
        "Иван Грозный",
        "Ὀδυσσεύς",
        "محمد علي",
        "שרה",
        "田中 太郎",
        "김철수",
        "สมชาย",
        "अमित",
        "தமிழ்",
        "ქეთევან",
        "Նարեկ",
        "ኃይለ ሥላሴ",
        "𠮷野家",
        "𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
        "👩‍👩‍👧‍👦",
        "X Æ A-12",
        "null",
        "Robert'); DROP TABLE users;--",
        "<script>alert(1)</script>",
      })
  void takesNamesInManyScripts(String name) {
    assertThat(UserRules.faultOfName(name)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "é", "田", "😀", "\ud83c\udde9"})
  void countsCodePointsAndNotUnits(String character) {
    assertThat(UserRules.faultOfName(character.repeat(200))).isNull();
    assertThat(UserRules.faultOfName(character.repeat(201))).contains("200");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F,
        0x2060, 0x2064, 0x206F, 0x2800, 0x3164, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0, 0xFFFB, 0x1D159,
        0x1D173, 0xE0001, 0xE0020, 0xE007F, 0xE0100
      })
  void refusesNamesOfWhichNothingIsSeen(int invisible) {
    String character = Character.toString(invisible);
    for (String blank :
        List.of(
            character, character.repeat(200), character + " " + character, "\u200b" + character)) {
      assertThat(UserRules.faultOfName(blank)).isEqualTo("must not be empty or blank");
    }
    assertThat(UserRules.faultOfName("a" + character)).isNull();
    assertThat(UserRules.faultOfName(character + "\u0645" + character)).isNull();
  }

  /** By Unicode's own word of what is ignored, format characters that are seen left out. */
  @Test
  void noNameConsistsOfFormatCharactersAlone() {
    Set<Integer> seen = Set.of(0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD);
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      boolean arabicSign = (c >= 0x600 && c <= 0x605) || seen.contains(c);
      if (Character.getType(c) == Character.FORMAT && !arabicSign) {
        assertThat(UserRules.faultOfName(Character.toString(c))).as("U+%04X", c).isNotNull();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069})
  void refusesWhatTurnsTheDirectionOfText(int control) {
    assertThat(UserRules.faultOfName("a" + Character.toString(control) + "b"))
        .contains("direction");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8, 9, 0xA, 0xD, 0x1B, 0x1F, 0x7F, 0x80, 0x85, 0x9F})
  void refusesControlCharacters(int control) {
    assertThat(UserRules.faultOfName("a" + Character.toString(control) + "b")).contains("control");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a@b",
        "alice@example.org",
        "a.b.c@example.co.uk",
        "alice+tag@example.org",
        "o'hara@example.org",
        "!#$%&'*+-/=?^_`{|}~@example.org",
        "1@2.org",
        "ALICE@EXAMPLE.ORG",
        "用户@例子.广告",
        "квіточка@пошта.укр",
        "θσερ@εχαμπλε.ψομ",
        "zoë@exämple.org",
        "zoe\u0308@example.org",
        "अजय@डाटा.भारत",
        "a@xn--bcher-kva.example",
        "a@a-b--c.org",
        "a@sub.sub.sub.example.org",
      })
  void takesAddresses(String email) {
    assertThat(UserRules.faultOfEmail(email)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a",
        "@",
        "a@",
        "@b",
        "a@@b",
        "a@b@c.org",
        ".a@b.org",
        "a.@b.org",
        "a..b@c.org",
        "a b@c.org",
        "a@b c.org",
        " a@b.org",
        "a@b.org ",
        "a@b.org\n",
        "a\n@b.org",
        "a\u0000@b.org",
        "a\u00a0b@c.org",
        "a\u200bb@c.org",
        "a@b\u200b.org",
        "a@.b.org",
        "a@b.org.",
        "a@b..org",
        "a@-b.org",
        "a@b-.org",
        "a@b_c.org",
        "a@[127.0.0.1]",
        "\"a b\"@c.org",
        "<a@b.org>",
        "Alice <a@b.org>",
        "a,b@c.org",
        "a;b@c.org",
        "a:b@c.org",
        "a(b)@c.org",
        "a\\b@c.org",
        "mailto:a@b.org",
        "a@b.org,c@d.org",
        "a@b!c.org",
        "\u202ea@b.org",
      })
  void refusesWhatIsNoAddress(String email) {
    assertThat(UserRules.faultOfEmail(email)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "é", "例"})
  void anAddressHasTwoHundredAndFiftyFourCharacters(String character) {
    String domain = "@" + (character.repeat(62) + ".").repeat(3) + "org";
    String fits = character.repeat(254 - domain.length()) + domain;
    assertThat(fits).hasSize(254);
    assertThat(UserRules.faultOfEmail(fits.replaceFirst(character, ""))).isNull();
    assertThat(UserRules.faultOfEmail(character + fits)).contains("254");
  }

  /** Must end at once: the patterns must not try one way after the other. */
  @ParameterizedTest
  @ValueSource(strings = {"a.", "a-", "-", ".", "@", "a@", "\"", "a"})
  void aHostileAddressIsRefusedWithoutBacktracking(String part) {
    assertThat(UserRules.faultOfEmail("a@" + part.repeat(252 / part.length()) + "!")).isNotNull();
    assertThat(UserRules.faultOfEmail(part.repeat(252 / part.length()) + "!")).isNotNull();
    assertThat(UserRules.faultOfEmail(part.repeat(1_000_000))).isNotNull();
  }
}
