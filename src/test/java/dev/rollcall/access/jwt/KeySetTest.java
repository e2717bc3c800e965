package dev.rollcall.access.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rollcall.config.auth.SignatureAlgorithm;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys of a JWKS are used. */
class KeySetTest {

  private static final TestIssuer ISSUER = new TestIssuer("");

  private static KeySet read(JsonObject... keys) {
    return read(TestIssuer.jwks(keys));
  }

  private static KeySet read(String jwks) {
    return KeySet.read(
        jwks.getBytes(StandardCharsets.UTF_8),
        EnumSet.complementOf(EnumSet.of(SignatureAlgorithm.ES512)));
  }

  private static JsonObject rsa() {
    return TestIssuer.jwk(ISSUER.rsa.getPublic()).put("kid", "a");
  }

  private static JsonObject ec() {
    return TestIssuer.jwk(ISSUER.ec.getPublic()).put("kid", "a");
  }

  private static JsonObject ed() {
    return TestIssuer.jwk(ISSUER.ed.getPublic()).put("kid", "a");
  }

  private static void leavesOut(String why, JsonObject... keys) {
    KeySet read = read(keys);
    assertThat(read.leftOut()).isEqualTo(Map.of(why, 1));
    assertThat(read.keys()).hasSize(keys.length - 1);
  }

  @Test
  void aKeyFitsTheAlgorithmsOfItsType() {
    KeySet keys = read(rsa(), ec(), ed());
    assertThat(keys.leftOut()).isEmpty();
    for (SignatureAlgorithm each : SignatureAlgorithm.values()) {
      int key = each.name().startsWith("E") ? each == SignatureAlgorithm.EDDSA ? 2 : 1 : 0;
      boolean fits = each != SignatureAlgorithm.ES384 && each != SignatureAlgorithm.ES512;
      for (int i = 0; i < 3; i++) {
        assertThat(keys.keys().get(i).fits(each)).isEqualTo(fits && i == key);
      }
    }
  }

  @Test
  void aKeyThatNamesAnAlgorithmFitsThatAlone() {
    VerificationKey key = read(rsa().put("alg", "PS256")).keys().get(0);
    assertThat(key.fits(SignatureAlgorithm.PS256)).isTrue();
    assertThat(key.fits(SignatureAlgorithm.RS256)).isFalse();
    leavesOut("keys that fit none of the algorithms", ec().put("alg", "RS256"));
    leavesOut("keys that fit none of the algorithms", rsa().put("alg", "RSA-OAEP"));
  }

  @Test
  void whatIsBesideAKeyDoesNotMatter() {
    JsonObject more =
        rsa()
            .put("x5c", new JsonArray().add("broken"))
            .put("x5t", 7)
            .put("x5u", "::")
            .put("use", "sig")
            .put("key_ops", new JsonArray().add("verify"))
            .put("other", new JsonObject());
    assertThat(read(more).keys()).hasSize(1);
  }

  @Test
  void keysThatDoNotFitAreLeftOutAndCounted() throws Exception {
    leavesOut("keys that are not for signatures", ec(), rsa().put("use", "enc"));
    leavesOut(
        "keys that are not for signatures", rsa().put("key_ops", new JsonArray().add("encrypt")));
    leavesOut("symmetric or private keys", new JsonObject().put("kty", "oct").put("k", "c2VjcmV0"));
    leavesOut("symmetric or private keys", ed().put("d", ed().getString("x")));
    leavesOut(
        "keys with the kid of another one",
        rsa(),
        TestIssuer.jwk(TestIssuer.pair("RSA").getPublic()).put("kid", "a"));
    leavesOut("keys of other types or curves", ed().put("crv", "X25519"));
    leavesOut("keys of other types or curves", ed().put("crv", "Ed448"));
    leavesOut("keys that are none", ec().put("crv", "secp256k1").put("x", "AA"));
    leavesOut("keys that are none", ec().put("x", ec().getString("y")));
    leavesOut("keys that are none", new JsonObject().put("kty", "EC"));
    leavesOut("keys that are none", new JsonObject().put("kty", "new"));
    leavesOut("keys that are none", new JsonObject());
    leavesOut("keys that are none", rsa().put("n", 7));
    // A point of small order, for which anybody can sign.
    leavesOut("keys that are none", ed().put("x", TestIssuer.encoded(new byte[32])));
    leavesOut("keys that are none", ed().put("x", TestIssuer.encoded(new byte[31])));
    KeyPairGenerator weak = KeyPairGenerator.getInstance("RSA");
    weak.initialize(1024);
    leavesOut(
        "RSA keys of less than 2048 or more than 8192 bits",
        TestIssuer.jwk(weak.generateKeyPair().getPublic()));
    leavesOut(
        "RSA keys of less than 2048 or more than 8192 bits",
        rsa()
            .put(
                "n",
                TestIssuer.encoded(
                    new BigInteger(9000, new Random(1)).setBit(8999).toByteArray())));
    leavesOut("keys that are none", rsa().put("e", "AQ"));
    leavesOut("RSA keys that no issuer makes", rsa().put("e", "AQAAAAAB"));
    assertThat(read("{\"keys\":[1,null,[]]}").leftOut()).isEqualTo(Map.of("keys that are none", 3));
  }

  @Test
  void oneNameForKeysOfSeveralTypesIsNoDoubt() {
    assertThat(read(rsa(), ec(), ed()).keys()).hasSize(3);
  }

  @Test
  void keysBeyondAHundredAreLeftOut() {
    JsonObject[] keys = new JsonObject[103];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = ec().put("kid", "k" + i);
    }
    assertThat(read(keys).leftOut()).isEqualTo(Map.of("keys beyond the first 100", 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "{}", "{\"keys\":{}}", "{\"keys\":[],\"keys\":[]}", "<html>", "null"})
  void whatIsNoJwksIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(text))
        .withMessageStartingWith("it is no J");
  }
}
