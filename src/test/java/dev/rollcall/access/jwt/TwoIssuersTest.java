package dev.rollcall.access.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.access.TokenText;
import dev.rollcall.base.Failure;
import dev.rollcall.config.auth.IssuerSettings;
import dev.rollcall.config.auth.JwksLocation;
import dev.rollcall.config.auth.SignatureAlgorithm;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That the keys of one issuer say nothing of the tokens of another. */
@Timeout(60)
class TwoIssuersTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static IssuerSettings settings(String name, String issuer, Path jwks, String grant) {
    return new IssuerSettings(
        name,
        issuer,
        "rollcall",
        new JwksLocation.File(jwks),
        List.of(SignatureAlgorithm.ES256),
        "scope",
        List.of(grant),
        Optional.empty());
  }

  @Test
  void eachVerifiesItsOwnTokensAlone(@TempDir Path folder) throws Exception {
    TestIssuer one = new TestIssuer("one-");
    TestIssuer two = new TestIssuer("two-");
    Path ofOne = Files.writeString(folder.resolve("one.json"), one.jwks());
    Path ofTwo = Files.writeString(folder.resolve("two.json"), two.jwks());
    Vertx vertx = Vertx.vertx();
    IssuedTokens tokens =
        new IssuedTokens(
            vertx,
            List.of(
                settings("one", "https://one", ofOne, "users:read"),
                settings("two", "https://two", ofTwo, "users:write")),
            registry);
    await(tokens.start());
    JsonObject scopes = TestIssuer.claims().put("scope", "users:read users:write");
    JsonObject claimsOfOne = scopes.copy().put("iss", "https://one");
    JsonObject claimsOfTwo = scopes.copy().put("iss", "https://two");

    assertThat(
            await(tokens.identify(new TokenText(one.token("ES256", claimsOfOne)))).scopes().names())
        .containsExactly("users:read");
    assertThat(await(tokens.identify(new TokenText(two.token("ES256", claimsOfTwo)))).name())
        .isEqualTo("issuer:two:service-7");
    assertThat(registry.get("rollcall.tokens.verification").timer().count()).isEqualTo(2);

    String unnamed = "{\"alg\":\"ES256\"}";
    for (String crossed :
        List.of(
            one.token("ES256", claimsOfTwo),
            two.token("ES256", claimsOfOne),
            one.sign("ES256", unnamed, claimsOfTwo.encode()),
            two.sign("ES256", unnamed, claimsOfOne.encode()),
            one.sign("ES256", two.header("ES256").encode(), claimsOfTwo.encode()))) {
      Failure failure =
          (Failure)
              await(
                  tokens
                      .identify(new TokenText(crossed))
                      .<Throwable>map(held -> new AssertionError("accepted"))
                      .recover(Future::succeededFuture));
      assertThat(failure.detail()).isEqualTo("the token is not accepted");
    }
    assertThat(registry.get("rollcall.tokens.keys.age").tag("issuer", "two").timeGauge().value())
        .isPositive();
    await(tokens.close());
    await(vertx.close());
  }
}
