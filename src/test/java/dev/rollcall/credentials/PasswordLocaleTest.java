package dev.rollcall.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.credentials.PasswordHasher.Match;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hashes are read by machines: they are the same wherever the process runs. */
class PasswordLocaleTest {

  private final Locale before = Locale.getDefault();

  @AfterEach
  void restoreLocale() {
    Locale.setDefault(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ar-EG", "fa-IR", "hi-IN-u-nu-deva", "th-TH-u-nu-thai", "my-MM", "tr-TR", "en"})
  void aHashIsWrittenAlikeInEveryLocale(String tag) {
    Locale.setDefault(Locale.forLanguageTag(tag));
    PasswordHasher hasher = new PasswordHasher(64, 1);
    String hash = hasher.hash("correct horse");
    assertThat(hash)
        .matches("\\$argon2id\\$v=19\\$m=64,t=1,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
    assertThat(hasher.verify("correct horse", hash)).isEqualTo(Match.RIGHT);
    assertThat(hasher.verify("wrong horse", null)).isEqualTo(Match.WRONG);
    Locale.setDefault(Locale.ROOT);
    assertThat(hasher.verify("correct horse", hash)).isEqualTo(Match.RIGHT);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x0660, 0x06F0, 0x0966, 0x0E50, 0x1040, 0x1D7D8})
  void aHashThatWasWrittenInOtherDigitsIsReadAndReplaced(int zero) {
    PasswordHasher hasher = new PasswordHasher(64, 1);
    String hash = hasher.hash("correct horse");
    String parameters = inDigits(zero, "m=64,t=1,p=1");
    String ruined = hash.replace("m=64,t=1,p=1", parameters);
    assertThat(ruined).isNotEqualTo(hash);
    assertThat(hasher.verify("correct horse", ruined)).isEqualTo(Match.RIGHT_BUT_WEAK);
    assertThat(hasher.verify("wrong horse", ruined)).isEqualTo(Match.WRONG);
    assertThatThrownBy(() -> hasher.check(ruined))
        .as("what is imported is as the standards have it")
        .hasMessageContaining("is not a PHC string");
  }

  private static String inDigits(int zero, String text) {
    return text.codePoints()
        .map(c -> c >= '0' && c <= '9' ? zero + c - '0' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
