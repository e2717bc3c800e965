package dev.rollcall.access.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.config.auth.JwksLocation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the scopes of a token give within a grant. */
class ClaimRulesTest {

  private static List<String> given(String grant, Object scopes) {
    ClaimRules rules =
        new ClaimRules(TestIssuer.settings(new JwksLocation.File(Path.of("a")), grant.split(" ")));
    JsonObject claims = TestIssuer.claims().put("scope", scopes);
    String token =
        TestIssuer.encoded("{\"alg\":\"RS256\"}")
            + "."
            + TestIssuer.encoded(claims.encode())
            + ".AA";
    return rules.read(SignedToken.read(token), System.currentTimeMillis()).scopes().names();
  }

  @ParameterizedTest
  @CsvSource({
    "users:read, users:read, users:read",
    "users:read, users:write, ''",
    "users:read, users:read users:write openid, users:read",
    "users:read, '  users:read  ', users:read",
    "users:read, users:read\tusers:write, ''",
    "users:read, '', ''",
    "users:read, *, ''",
    "users:read, self, ''",
    "users:read, USERS:READ, ''",
    "views:read, views:read:profile, views:read:profile",
    "views:read, views:read, views:read",
    "views:read:profile views:read:other users:read, views:read, views:read:other"
        + " views:read:profile",
    "views:read:profile, views:read:other, ''",
    "views:read:profile, views:read:profile views:read:profile2, views:read:profile",
    "*, *, *",
    "*, users:write jobs source:a bus:b views:read:c, bus:b jobs source:a users:write views:read:c",
    "*, self openid, ''",
    "*, keys ops credentials webhooks, ''",
    "* ops, keys ops credentials webhooks, ops",
    "keys ops credentials webhooks, keys ops credentials webhooks *, credentials keys ops webhooks",
    "source:a, source:b source:a, source:a",
  })
  void aTokenGivesWhatBothItAndTheGrantName(String grant, String scopes, String given) {
    List<String> expected = given.isEmpty() ? List.of() : List.of(given.split(" "));
    assertThat(given(grant, scopes)).isEqualTo(expected);
    JsonArray list = new JsonArray();
    List.of(scopes.trim().split(" ")).forEach(list::add);
    assertThat(given(grant, list)).isEqualTo(expected);
  }

  @Test
  void oneTextOfAListIsOneScope() {
    assertThat(given("users:read", new JsonArray().add("users:read users:write"))).isEmpty();
  }
}
