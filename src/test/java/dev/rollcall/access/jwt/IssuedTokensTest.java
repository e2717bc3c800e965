package dev.rollcall.access.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.access.Principal;
import dev.rollcall.access.TokenText;
import dev.rollcall.base.Failure;
import dev.rollcall.config.auth.JwksLocation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens hold, and that none of all the others does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class IssuedTokensTest {

  private final Vertx vertx = Vertx.vertx();
  private final TestIssuer corp = new TestIssuer("c-");
  private final TestIssuer stranger = new TestIssuer("c-");
  private IssuedTokens tokens;

  /** A token that must not hold. */
  record Bad(String what, String token) {
    @Override
    public String toString() {
      return what;
    }
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("jwks.json"), corp.jwks());
    tokens =
        new IssuedTokens(
            vertx,
            List.of(TestIssuer.settings(new JwksLocation.File(file), "users:read", "views:read")),
            new SimpleMeterRegistry());
    await(tokens.start());
  }

  @AfterAll
  void close() throws Exception {
    await(tokens.close());
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static Failure failure(Future<?> future) throws Exception {
    return (Failure) await(future.<Throwable>map(held -> null).recover(Future::succeededFuture));
  }

  private void isRefused(String token, String detail) throws Exception {
    for (int i = 0; i < 2; i++) {
      Failure failure = failure(tokens.identify(new TokenText(token)));
      assertThat(failure).isNotNull();
      assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAUTHORIZED);
      assertThat(failure.detail()).isEqualTo(detail);
      assertThat(failure.members()).containsOnlyKeys("error").containsValue("invalid_token");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "ES256", "EdDSA"})
  void aTokenOfTheIssuerStandsForItsSubject(String algorithm) throws Exception {
    JsonObject claims = TestIssuer.claims().put("jti", algorithm);
    String token = corp.token(algorithm, claims);
    Principal principal = await(tokens.identify(new TokenText(token)));
    assertThat(principal.name()).isEqualTo("issuer:corp:service-7");
    assertThat(principal.scopes().names()).containsExactly("users:read");
    assertThat(principal.expiresAt()).isEqualTo(claims.getLong("exp") * 1000);
    Future<Principal> again = tokens.identify(new TokenText(token));
    assertThat(again.isComplete()).isTrue();
    assertThat(again.result()).isSameAs(principal);
  }

  @Test
  void oneOfManyAudiencesAndTimesWithFractionsWillDo() throws Exception {
    long now = System.currentTimeMillis() / 1000;
    JsonObject claims =
        TestIssuer.claims()
            .put("aud", new JsonArray().add("other").add(TestIssuer.AUDIENCE))
            .put("nbf", now + 30)
            .put("exp", now + 100.25);
    Principal principal = await(tokens.identify(new TokenText(corp.token("ES256", claims))));
    assertThat(principal.expiresAt()).isEqualTo(now * 1000 + 100_250);
    for (String type : List.of("JWT", "at+jwt", "application/AT+JWT")) {
      String header = corp.header("ES256").put("typ", type).encode();
      assertThat(await(tokens.identify(new TokenText(corp.sign("ES256", header, claims.encode())))))
          .isNotNull();
    }
  }

  @Test
  void aTokenWithoutTheIdOfAKeyIsTriedWithThoseThatFit() throws Exception {
    for (String algorithm : List.of("RS256", "ES256", "EdDSA")) {
      String header = new JsonObject().put("alg", algorithm).encode();
      String token = corp.sign(algorithm, header, TestIssuer.claims().encode());
      assertThat(await(tokens.identify(new TokenText(token))).holds()).isTrue();
    }
  }

  @Test
  void whatHeadersSayOfOtherKeysIsIgnored() throws Exception {
    JsonObject own = TestIssuer.jwk(stranger.ec.getPublic());
    JsonObject header =
        corp.header("ES256")
            .put("jwk", own)
            .put("jku", "http://127.0.0.1:1/jwks")
            .put("x5u", "http://127.0.0.1:1/cert")
            .put("x5c", new JsonArray().add("AAAA"));
    String claims = TestIssuer.claims().encode();
    assertThat(await(tokens.identify(new TokenText(corp.sign("ES256", header.encode(), claims)))))
        .isNotNull();
    isRefused(stranger.sign("ES256", header.encode(), claims), "the token is not accepted");
  }

  @Test
  void aLongTokenHoldsAsWell() throws Exception {
    JsonObject claims = TestIssuer.claims().put("groups", "g".repeat(8000));
    String token = corp.token("RS256", claims);
    assertThat(await(tokens.identify(new TokenText(token))).holds()).isTrue();
    assertThat(tokens.identify(new TokenText(token)).succeeded()).isTrue();
    isRefused(token.substring(0, token.length() - 4), "the token is not accepted");
  }

  @Test
  void aNewTokenThatManyBringAtOnceIsVerifiedOnce() throws Exception {
    String token = corp.token("ES256", TestIssuer.claims().put("jti", "many"));
    List<Future<Principal>> answers = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      answers.add(tokens.identify(new TokenText(token)));
    }
    Principal first = await(answers.get(0));
    for (Future<Principal> each : answers) {
      assertThat(await(each)).isSameAs(first);
    }
  }

  @Test
  void oneTokenMoreThanCanWaitIsToldToComeBack() throws Exception {
    String header = TestIssuer.encoded(corp.header("ES256").encode());
    String signature = stranger.token("ES256").split("\\.", -1)[2];
    List<String> forged = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      String claims = TestIssuer.claims().put("jti", "forged " + i).encode();
      forged.add(header + "." + TestIssuer.encoded(claims) + "." + signature);
    }
    List<Future<String>> outcomes = new ArrayList<>();
    for (String each : forged) {
      outcomes.add(
          tokens
              .identify(new TokenText(each))
              .map(held -> "accepted")
              .recover(e -> Future.succeededFuture(kindOf(e))));
    }
    assertThat(awaitAll(outcomes)).containsOnly("UNAUTHORIZED 401", "UNAVAILABLE 1");
  }

  private static String kindOf(Throwable e) {
    Failure failure = (Failure) e;
    return failure.kind() + " " + failure.members().getOrDefault("retryAfter", 401);
  }

  @Test
  void anExpiredTokenIsToldSo() throws Exception {
    long now = System.currentTimeMillis() / 1000;
    for (long exp : List.of(0L, now - 1, now - 86_400)) {
      isRefused(corp.token("ES256", TestIssuer.claims().put("exp", exp)), "the token has expired");
    }
  }

  @Test
  void aRememberedTokenEndsWithItsTime() throws Exception {
    double exp = (System.currentTimeMillis() + 1500) / 1000.0;
    String token = corp.token("EdDSA", TestIssuer.claims().put("exp", exp));
    Principal principal = await(tokens.identify(new TokenText(token)));
    while (principal.holds()) {
      Thread.onSpinWait();
    }
    isRefused(token, "the token has expired");
  }

  @ParameterizedTest
  @MethodSource("badTokens")
  void noOtherTokenHolds(Bad bad) throws Exception {
    isRefused(bad.token(), "the token is not accepted");
  }

  List<Bad> badTokens() throws Exception {
    List<Bad> all = new ArrayList<>();
    String good = corp.token("RS256");
    String[] parts = good.split("\\.", -1);
    long now = System.currentTimeMillis() / 1000;

    all.add(claims("not yet valid", TestIssuer.claims().put("nbf", now + 90)));
    all.add(claims("issued in the future", TestIssuer.claims().put("iat", now + 90)));
    all.add(claims("of another issuer", TestIssuer.claims().put("iss", "https://other")));
    all.add(
        claims(
            "of the issuer with a slash", TestIssuer.claims().put("iss", TestIssuer.ISSUER + "/")));
    all.add(claims("of no issuer", without("iss")));
    all.add(
        claims(
            "of several issuers",
            TestIssuer.claims().put("iss", new JsonArray().add(TestIssuer.ISSUER))));
    all.add(claims("for others", TestIssuer.claims().put("aud", "other")));
    all.add(
        claims(
            "for many others",
            TestIssuer.claims().put("aud", new JsonArray().add("a").add("rollcall2"))));
    all.add(claims("for nobody", without("aud")));
    all.add(
        claims(
            "for a number",
            TestIssuer.claims().put("aud", new JsonArray().add("rollcall").add(7))));
    all.add(claims("without exp", without("exp")));
    all.add(claims("with exp as text", TestIssuer.claims().put("exp", "" + (now + 300))));
    all.add(claims("with exp null", TestIssuer.claims().putNull("exp")));
    all.add(claims("with nbf as text", TestIssuer.claims().put("nbf", "0")));
    all.add(
        claims("with exp in ten thousand years", TestIssuer.claims().put("exp", 300_000_000_000L)));
    all.add(claims("without sub", without("sub")));
    all.add(claims("with sub as number", TestIssuer.claims().put("sub", 7)));
    for (String sub : List.of("", " a", "a ", "a\nb", "a\u0000", "\u202eb", "ü", "a".repeat(256))) {
      all.add(
          claims(
              "with the sub " + sub.length() + sub.hashCode(),
              TestIssuer.claims().put("sub", sub)));
    }
    all.add(claims("with a number as scope", TestIssuer.claims().put("scope", 7)));
    String claims = TestIssuer.claims().encode();
    for (String number :
        List.of("1e400", "1e999999999", "9".repeat(900), "-1", "1e-999999999999")) {
      String huge = claims.replaceFirst("\"exp\":[0-9]+", "\"exp\":" + number);
      all.add(
          new Bad("with exp " + number, corp.sign("RS256", corp.header("RS256").encode(), huge)));
    }
    all.add(
        raw(
            "with doubled claims",
            corp.header("RS256").encode(),
            claims.replaceFirst("\\{", "{\"sub\":\"root\",")));
    all.add(
        raw(
            "with a doubled alg",
            "{\"alg\":\"none\"," + corp.header("RS256").encode().substring(1),
            claims));
    all.add(
        raw(
            "with deep claims",
            corp.header("RS256").encode(),
            claims.replaceFirst("\\{", "{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + ",")));
    all.add(raw("with a list as claims", corp.header("RS256").encode(), "[" + claims + "]"));
    all.add(raw("with two objects", corp.header("RS256").encode(), claims + claims));
    all.add(raw("with no JSON", corp.header("RS256").encode(), "claims"));

    for (String crit :
        List.of(
            "{\"crit\":[\"exp\"],",
            "{\"crit\":[],",
            "{\"b64\":false,\"crit\":[\"b64\"],",
            "{\"b64\":true,",
            "{\"zip\":\"DEF\",",
            "{\"enc\":\"A128GCM\",",
            "{\"typ\":\"dpop+jwt\",",
            "{\"typ\":7,")) {
      all.add(raw("with " + crit, crit + corp.header("RS256").encode().substring(1), claims));
    }
    for (String kid :
        List.of(
            "",
            "../../dev/null",
            "' OR 1=1 --",
            "http://127.0.0.1:1/jwks",
            "c-rsa\u0000",
            "C-RSA",
            "c-ec",
            "x".repeat(5000))) {
      all.add(
          raw(
              "with the kid " + kid.length() + kid.hashCode(),
              corp.header("RS256").put("kid", kid).encode(),
              claims));
    }
    all.add(raw("with a number as kid", corp.header("RS256").put("kid", 7).encode(), claims));

    for (String none :
        List.of("none", "None", "NONE", "nOnE", "", "HS256", "HS512", "RS1", "rs256", "dir")) {
      String header = corp.header("RS256").put("alg", none).encode();
      all.add(raw("with alg " + none, header, claims));
      all.add(
          new Bad("unsigned with alg " + none, TestIssuer.encoded(header) + "." + parts[1] + "."));
      all.add(
          new Bad("of two parts with alg " + none, TestIssuer.encoded(header) + "." + parts[1]));
    }
    all.add(raw("without alg", "{\"kid\":\"c-rsa\"}", claims));
    all.add(
        new Bad(
            "of an algorithm not listed",
            corp.sign("RS384", corp.header("RS384").encode(), claims)));
    all.add(
        raw(
            "of an algorithm that its key has not",
            corp.header("RS256").put("alg", "ES256").encode(),
            claims));
    all.add(
        raw(
            "signed by another algorithm than it says",
            corp.header("RS256").put("alg", "PS256").encode(),
            claims));
    for (byte[] secret :
        List.of(
            corp.rsa.getPublic().getEncoded(),
            pem(corp),
            corp.jwks().getBytes(StandardCharsets.UTF_8),
            new byte[1])) {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      String signed =
          TestIssuer.encoded(corp.header("RS256").put("alg", "HS256").encode()) + "." + parts[1];
      all.add(
          new Bad(
              "HMAC with the public key",
              signed
                  + "."
                  + TestIssuer.encoded(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)))));
      String lying = parts[0] + "." + parts[1];
      all.add(
          new Bad(
              "HMAC that says RS256",
              lying
                  + "."
                  + TestIssuer.encoded(mac.doFinal(lying.getBytes(StandardCharsets.US_ASCII)))));
    }
    for (String algorithm : List.of("RS256", "ES256", "EdDSA")) {
      all.add(new Bad("by the key of another issuer, " + algorithm, stranger.token(algorithm)));
      String token = corp.token(algorithm);
      int signature = token.lastIndexOf('.') + 1;
      all.add(new Bad("without signature, " + algorithm, token.substring(0, signature)));
      all.add(new Bad("with half a signature, " + algorithm, token.substring(0, signature + 43)));
      all.add(new Bad("with a longer signature, " + algorithm, token + "AAAA"));
      all.add(new Bad("padded, " + algorithm, token + "=="));
      all.add(
          new Bad(
              "with zeros as signature, " + algorithm,
              token.substring(0, signature) + TestIssuer.encoded(new byte[64])));
      String other = corp.token(algorithm, TestIssuer.claims().put("sub", "other"));
      all.add(
          new Bad(
              "with the signature of another one, " + algorithm,
              token.substring(0, signature) + other.substring(other.lastIndexOf('.') + 1)));
      all.add(
          new Bad(
              "with the claims of another one, " + algorithm,
              token.split("\\.", -1)[0]
                  + "."
                  + TestIssuer.encoded(TestIssuer.claims().put("sub", "root").encode())
                  + "."
                  + token.substring(signature)));
    }
    for (String text :
        List.of(
            "",
            ".",
            "..",
            "...",
            "a.b.c",
            parts[0],
            good + "." + parts[2],
            good + ".a.b",
            "." + good,
            good + " ",
            " " + good,
            good.replace("-", "+").replace('_', '/') + "+",
            "a".repeat(1 << 20),
            ".".repeat(1 << 20),
            "\u0000.\u0000.\u0000",
            parts[0] + "." + "A".repeat(16_000) + "." + parts[2])) {
      all.add(new Bad("the text of " + text.length() + text.hashCode(), text));
    }
    return all;
  }

  private Bad claims(String what, JsonObject claims) {
    return new Bad(what, corp.token("RS256", claims));
  }

  private Bad raw(String what, String header, String claims) {
    return new Bad(what, corp.sign("RS256", header, claims));
  }

  private static JsonObject without(String claim) {
    JsonObject claims = TestIssuer.claims();
    claims.remove(claim);
    return claims;
  }

  private static byte[] pem(TestIssuer issuer) {
    return ("-----BEGIN PUBLIC KEY-----\n"
            + java.util.Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(issuer.rsa.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "ES256", "EdDSA"})
  void noTokenWithAChangeInItHolds(String algorithm) throws Exception {
    Random random = new Random(18);
    String good = corp.token(algorithm);
    List<Future<String>> outcomes = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String mutated = mutated(good, random);
      if (!mutated.equals(good)) {
        outcomes.add(
            tokens
                .identify(new TokenText(mutated))
                .map(held -> "accepted: " + mutated)
                .recover(e -> Future.succeededFuture(((Failure) e).detail())));
      }
    }
    // A change in exp may make it one that has expired, which is seen before the signature.
    assertThat(awaitAll(outcomes))
        .hasSizeGreaterThan(150)
        .containsAnyOf("the token is not accepted")
        .allMatch(
            outcome ->
                outcome.equals("the token is not accepted")
                    || outcome.equals("the token has expired"));
  }

  private static List<String> awaitAll(List<Future<String>> outcomes) throws Exception {
    List<String> all = new ArrayList<>();
    for (Future<String> each : outcomes) {
      all.add(await(each));
    }
    return all;
  }

  /** The last characters are changed more often, since some of their bits stand for nothing. */
  private static String mutated(String token, Random random) {
    StringBuilder text = new StringBuilder(token);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ";
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int at = random.nextInt(3) == 0 ? text.length() - 1 : random.nextInt(text.length());
      char c = alphabet.charAt(random.nextInt(alphabet.length()));
      switch (random.nextInt(4)) {
        case 0 -> text.insert(at, c);
        case 1 -> text.deleteCharAt(at);
        case 2 -> {
          int other = random.nextInt(text.length());
          char moved = text.charAt(at);
          text.setCharAt(at, text.charAt(other));
          text.setCharAt(other, moved);
        }
        default -> text.setCharAt(at, c);
      }
    }
    return text.toString();
  }
}
