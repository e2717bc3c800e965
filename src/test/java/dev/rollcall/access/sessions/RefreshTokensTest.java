package dev.rollcall.access.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rollcall.access.sessions.RefreshTokens.RefreshToken;
import dev.rollcall.access.signing.DerivedKeys;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Refresh tokens, and what else follows from the secret. */
class RefreshTokensTest {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private final RefreshTokens tokens = new RefreshTokens(new DerivedKeys(SECRET));

  @Test
  void theNextTokenIsTheSameWhereverTheSecretIsTheSame() {
    UUID session = UUID.randomUUID();
    RefreshToken first = tokens.first(session);
    RefreshToken next = tokens.next(first);
    assertThat(next).isEqualTo(new RefreshTokens(new DerivedKeys(SECRET)).next(first));
    assertThat(next.number()).isOne();
    assertThat(next.session()).isEqualTo(session);
    assertThat(next.text()).isNotEqualTo(first.text()).matches("rcr_[A-Za-z0-9_-]{70}");
    assertThat(new RefreshTokens(new DerivedKeys(SECRET + "!")).next(first)).isNotEqualTo(next);
    assertThat(tokens.first(session)).isNotEqualTo(first);
  }

  @Test
  void aTokenIsReadWithItsSessionAndNumber() {
    RefreshToken token = tokens.next(tokens.next(tokens.first(UUID.randomUUID())));
    assertThat(tokens.read(token.text())).isEqualTo(token);
    assertThat(token.toString()).doesNotContain(token.text());
  }

  @Test
  void noOtherTextIsAToken() {
    String text = tokens.first(UUID.randomUUID()).text();
    for (int i = 0; i < text.length(); i++) {
      for (char other : new char[] {'A', 'B', '-', '=', ' '}) {
        String changed = text.substring(0, i) + other + text.substring(i + 1);
        assertThat(changed.equals(text) || tokens.read(changed) == null).as(changed).isTrue();
      }
    }
    assertThat(List.of("", "rcr_", text + "A", text.substring(1), "rck_" + text.substring(4)))
        .allMatch(each -> tokens.read(each) == null);
    assertThat(new RefreshTokens(new DerivedKeys(SECRET + "!")).read(text)).isNull();
  }

  @Test
  void whatIsEncryptedIsReadByTheSameSecretUnderTheSameNameAlone() throws Exception {
    DerivedKeys keys = new DerivedKeys(SECRET);
    byte[] plain = {1, 2, 3};
    byte[] encrypted = keys.encrypt(plain, "a");
    assertThat(keys.decrypt(encrypted, "a")).isEqualTo(plain);
    assertThat(keys.encrypt(plain, "a")).isNotEqualTo(encrypted);
    DerivedKeys others = new DerivedKeys(SECRET + "!");
    assertThatExceptionOfType(GeneralSecurityException.class)
        .isThrownBy(() -> others.decrypt(encrypted, "a"));
    assertThatExceptionOfType(GeneralSecurityException.class)
        .isThrownBy(() -> keys.decrypt(encrypted, "b"));
    for (int i = 0; i < encrypted.length; i++) {
      byte[] changed = encrypted.clone();
      changed[i] ^= 1;
      assertThatExceptionOfType(GeneralSecurityException.class)
          .isThrownBy(() -> keys.decrypt(changed, "a"));
    }
    assertThatExceptionOfType(GeneralSecurityException.class)
        .isThrownBy(() -> keys.decrypt(new byte[] {1}, "a"));
  }
}
