package dev.rollcall.config.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rollcall.config.AuthSettings;
import dev.rollcall.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code auth.sessions} and {@code auth.secret} among all settings. */
class SessionSettingsTest {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private static final List<String> LEAST =
      List.of(
          "auth.secret=" + SECRET,
          "auth.sessions.issuer=https://users.example",
          "auth.sessions.audience=rollcall");

  private static AuthSettings auth(String... more) {
    return Settings.of(Stream.concat(LEAST.stream(), Stream.of(more)).toArray(String[]::new))
        .auth();
  }

  @Test
  void thereAreNoneUnlessTheyAreDeclared() {
    assertThat(Settings.of().auth().sessions()).isEmpty();
    assertThat(auth().sessions())
        .contains(
            new SessionSettings(
                "https://users.example",
                "rollcall",
                Duration.ofMinutes(15),
                Duration.ofDays(30),
                Duration.ofDays(30),
                List.of(),
                List.of()));
  }

  @Test
  void whatUsersMayDoIsListed() {
    SessionSettings sessions =
        auth(
                "sources.a.http=http://127.0.0.1:1/{id}",
                "views.profile.sources=a",
                "auth.sessions.views=profile",
                "auth.sessions.patch=name,attributes")
            .sessions()
            .orElseThrow();
    assertThat(sessions.views()).containsExactly("profile");
    assertThat(sessions.patch())
        .containsExactly(SessionSettings.Member.NAME, SessionSettings.Member.ATTRIBUTES);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auth.sessions.lifetime=9s | auth.sessions.lifetime: \"9s\": a duration from 10s to 24h",
        "auth.sessions.refresh=366d | auth.sessions.refresh: \"366d\": a duration from 1m to 365d",
        "auth.sessions.rotate=59m | auth.sessions.rotate: \"59m\": a duration from 1h to 365d",
        "auth.sessions.refresh=5m | auth.sessions.lifetime: 900s: at most auth.sessions.refresh",
        "auth.sessions.views=profile | auth.sessions.views: \"profile\": views that are declared",
        "auth.sessions.patch=id | auth.sessions.patch: \"id\": name, email or attributes",
        "auth.sessions.issuer=a b | auth.sessions.issuer: \"a b\": 1 to 1000 ASCII characters",
        "auth.sessions.reload=5m | auth.sessions.reload: unknown key",
        "auth.secret=short | auth.secret: (not shown): 32 to 4096 characters",
      })
  void faultsNameTheKeyAndWhatItMayBe(String set, String fault) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> auth(set))
        .withMessageContaining(fault)
        .withMessageNotContaining("short");
  }

  @Test
  void theyNeedASecretAnIssuerAndAnAudience() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Settings.of(
                    "auth.sessions.issuer=https://users.example",
                    "auth.sessions.audience=rollcall"))
        .withMessageContaining("auth.secret: missing: auth.sessions needs 32 to 4096 characters");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.of("auth.secret=" + SECRET, "auth.sessions.lifetime=1m"))
        .withMessageContaining("auth.sessions.issuer: missing")
        .withMessageContaining("auth.sessions.audience: missing");
  }

  @Test
  void theirIssuerIsThatOfNobodyElse() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                auth(
                    "auth.issuers.corp.issuer=https://users.example",
                    "auth.issuers.corp.audience=rollcall",
                    "auth.issuers.corp.jwks=keys.json",
                    "auth.issuers.corp.grant=users:read"))
        .withMessageContaining(
            "auth.sessions.issuer: \"https://users.example\": another one than that of"
                + " auth.issuers.corp");
  }

  @Test
  void theSecretStandsInNoText() {
    assertThat(auth().toString()).doesNotContain(SECRET);
  }
}
