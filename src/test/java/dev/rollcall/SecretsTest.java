package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.access.KeyText;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That what is searched for in the logs of processes would be found. */
class SecretsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rcr_AAECAwQFBgcICQoLDA0ODw",
        "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLW9mLXRlc3Q",
        "Authorization: Bearer 0123456789abcdef",
        "-----BEGIN PRIVATE KEY-----",
        "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA",
        "$2b$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm",
        "{\"password\": \"secret horse\"}"
      })
  void secretsAreFoundWithinLines(String secret) {
    assertThat(Secrets.in(List.of("a line", "what=" + secret + " status=401"))).hasSize(1);
  }

  @Test
  void keysAreFound() {
    assertThat(Secrets.in(List.of("[" + KeyText.generate() + "]"))).hasSize(1);
  }

  @Test
  void linesOfTheAccessLogAndTheAuditLogShowNone() {
    assertThat(
            Secrets.in(
                List.of(
                    "INFO rollcall.access POST /users/1/password/verify status=200 bytes=15",
                    "INFO audit event=key-created by=key:1 what=key:2 from=127.0.0.1",
                    "WARN the session 123e4567-e89b-12d3-a456-426614174000 was ended: a refresh"
                        + " token was used again",
                    "auth.secret must have 32 characters or more")))
        .isEmpty();
  }
}
