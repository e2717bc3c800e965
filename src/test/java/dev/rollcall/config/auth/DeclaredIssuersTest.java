package dev.rollcall.config.auth;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rollcall.config.Settings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Issuers among all settings. */
class DeclaredIssuersTest {

  private static List<String> issuer(String name, String issuer) {
    String key = "auth.issuers." + name + ".";
    return List.of(
        key + "issuer=" + issuer,
        key + "audience=rollcall",
        key + "jwks=https://idp.example/jwks.json?a=b",
        key + "grant=users:read,views:read:profile",
        key + "algorithms=EdDSA,ES256");
  }

  @Test
  void thereAreNoneUnlessTheyAreDeclared() {
    assertThat(Settings.of().auth().issuers()).isEmpty();
    Settings settings = Settings.of(issuer("corp", "https://idp.example").toArray(String[]::new));
    IssuerSettings corp = requireNonNull(settings.auth().issuers().get("corp"));
    assertThat(corp.issuer()).isEqualTo("https://idp.example");
    assertThat(corp.grant()).containsExactly("users:read", "views:read:profile");
    assertThat(corp.algorithms())
        .containsExactly(SignatureAlgorithm.EDDSA, SignatureAlgorithm.ES256);
  }

  @Test
  void twoOfOneIssAreAFault() {
    List<String> both = new ArrayList<>(issuer("a", "https://idp.example"));
    both.addAll(issuer("b", "https://idp.example"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.of(both.toArray(String[]::new)))
        .withMessageContaining(
            "auth.issuers.b.issuer: \"https://idp.example\": another one than that of"
                + " auth.issuers.a");
  }

  @Test
  void aNameIsShortAndHasNoColon() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.of("auth.issuers.a:b.issuer=c"))
        .withMessageContaining("a name for an issuer: 1 to 64 letters, digits, _ and -");
  }
}
