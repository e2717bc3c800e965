package dev.rollcall.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {

  private static final String UUID_TEXT = "8e03978e-40d5-43e8-bc93-6894a57f9324";

  @Test
  void aUuidStandsForItselfInAnyForm() {
    UUID uuid = UUID.fromString(UUID_TEXT);
    assertThat(IdempotencyKey.parse(UUID_TEXT)).isEqualTo(uuid);
    assertThat(IdempotencyKey.parse("\"" + UUID_TEXT + "\"")).isEqualTo(uuid);
    assertThat(IdempotencyKey.parse("8E03978E-40D5-43E8-BC93-6894A57F9324")).isEqualTo(uuid);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "order 42", "KG5LxwFBepaKHyUD", "a'b;c,d=e", "~!", "a\\\\b", "\\\""})
  void aKeyIsTheSameWithQuotesAndWithout(String quoted) {
    String bare = quoted.replaceAll("\\\\(.)", "$1");
    UUID key = IdempotencyKey.parse("\"" + quoted + "\"");
    assertThat(key).isNotNull().isEqualTo(IdempotencyKey.parse("\"" + quoted + "\""));
    if (!bare.startsWith("\"")) {
      assertThat(IdempotencyKey.parse(bare)).isEqualTo(key);
      assertThat(IdempotencyKey.parse(" " + bare + "\t")).isEqualTo(key);
    }
  }

  @Test
  void otherKeysAreOthers() {
    Set<UUID> keys = new HashSet<>();
    for (char c = '!'; c <= '~'; c++) {
      if (c != '"') {
        assertThat(keys.add(IdempotencyKey.parse(Character.toString(c)))).as("%c", c).isTrue();
        assertThat(keys.add(IdempotencyKey.parse("a" + c + "b"))).as("a%cb", c).isTrue();
      }
    }
    assertThat(keys.add(IdempotencyKey.parse(UUID_TEXT + "0"))).isTrue();
    assertThat(keys.add(IdempotencyKey.parse("x".repeat(255)))).isTrue();
    assertThat(keys.add(IdempotencyKey.parse("\"" + "y".repeat(255) + "\""))).isTrue();
    assertThat(keys.add(IdempotencyKey.parse("\"" + "\\\\".repeat(255) + "\""))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\"\"",
        "\"",
        "\"a",
        "\"a\"b",
        "\"a\"b\"",
        "\"a\\\"",
        "\"a\\b\"",
        "\"a\";x=1",
        "a\tb",
        "a\u0000",
        "\u007f",
        "\u00e9",
        "\"\u00e9\"",
        "\ud83d\ude00"
      })
  void whatIsNoTextOfPrintableCharactersIsNoKey(String value) {
    assertThat(IdempotencyKey.parse(value)).isNull();
  }

  @Test
  void aKeyHas255CharactersAtMost() {
    assertThat(IdempotencyKey.parse("x".repeat(256))).isNull();
    assertThat(IdempotencyKey.parse("\"" + "x".repeat(256) + "\"")).isNull();
  }
}
