package dev.rollcall.followers.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.OctetKeyPair;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.Awaiting;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receipts, signed by keys that a store keeps, and verified by another library. */
public abstract class ReceiptsContract {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  /** What stands before the 32 bytes of a public key (RFC 8410). */
  private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final JsonObject ERASURE = new JsonObject().put("id", 1).put("state", "complete");

  private @TempDir Path folder = Path.of("");
  private final Vertx vertx = Vertx.vertx();
  private StoreHarness harness;
  private ReceiptKeyStore keys;

  protected abstract StoreHarness harness(Path folder);

  /** The keys in a store that the harness has started. */
  protected abstract ReceiptKeyStore keys(UserStore store);

  @BeforeEach
  final void startStore() {
    harness = harness(folder);
    keys = keys(harness.start(vertx, StoreHarness.Limits.WIDE));
  }

  @AfterEach
  final void stopStore() {
    harness.stop();
    Awaiting.await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    return Awaiting.await(future);
  }

  private StoredReceipts receipts(String secret) {
    return new StoredReceipts(vertx, keys, Optional.of(secret), Clock.systemUTC());
  }

  /** What a receipt says, by the one published key that it names; fails where that is none. */
  private JsonObject verified(String receipt) throws Exception {
    JWSObject jws = JWSObject.parse(receipt);
    assertThat(jws.getHeader().getType().getType()).isEqualTo("rollcall-receipt+jwt");
    List<OctetKeyPair> named = new ArrayList<>();
    PublishedKeys published = new PublishedKeys(receipts(SECRET));
    for (Object each : await(published.jwks())) {
      OctetKeyPair key = OctetKeyPair.parse(each.toString());
      assertThat(key.isPrivate()).isFalse();
      if (key.getKeyID().equals(jws.getHeader().getKeyID())) {
        named.add(key);
      }
    }
    assertThat(named).hasSize(1);
    assertThat(isSigned(jws, named.get(0))).isTrue();
    return new JsonObject(jws.getPayload().toString());
  }

  /** By the JDK, which knows nothing of what signed. */
  private static boolean isSigned(JWSObject jws, OctetKeyPair key) throws GeneralSecurityException {
    byte[] encoded = Buffer.buffer(X509).appendBytes(key.getDecodedX()).getBytes();
    Signature signature = Signature.getInstance("Ed25519");
    signature.initVerify(
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
    signature.update(jws.getSigningInput());
    return signature.verify(jws.getSignature().decode());
  }

  @Test
  void aReceiptIsVerifiedByThePublishedKeyAndSaysWhatTheErasureSays() throws Exception {
    String receipt = await(receipts(SECRET).sign(ERASURE));
    assertThat(verified(receipt)).isEqualTo(ERASURE);
    assertThat(await(receipts(SECRET).sign(ERASURE))).isEqualTo(receipt);
  }

  @Test
  void processesThatBeginAtOnceShareOneKey() {
    List<Future<String>> signed = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      signed.add(receipts(SECRET).sign(ERASURE));
    }
    assertThat(await(Future.all(signed)).<String>list().stream().distinct()).hasSize(1);
    assertThat(await(keys.receiptKeys())).hasSize(1);
  }

  @Test
  void anotherSecretMakesAnotherKeyAndTheFirstOneStaysPublished() throws Exception {
    String first = await(receipts(SECRET).sign(ERASURE));
    String second = await(receipts(SECRET + "!").sign(ERASURE));
    assertThat(second).isNotEqualTo(first);
    assertThat(verified(first)).isEqualTo(verified(second)).isEqualTo(ERASURE);
    assertThat(await(receipts(SECRET).sign(ERASURE))).isEqualTo(first);
    assertThat(await(keys.receiptKeys())).hasSize(2);
  }

  @Test
  void withoutASecretNothingIsSignedAndNoKeyIsMade() {
    StoredReceipts none = new StoredReceipts(vertx, keys, Optional.empty(), Clock.systemUTC());
    await(none.start());
    assertThat(Awaiting.failureOf(none.sign(ERASURE)).kind()).isEqualTo(Kind.CONFLICT);
    assertThat(Awaiting.failureOf(none.sign(ERASURE)).detail()).contains("set auth.secret");
    assertThat(await(keys.receiptKeys())).isEmpty();
    await(receipts(SECRET).start());
    // Those that were made with one are published all the same.
    assertThat(await(none.published()))
        .hasSize(1)
        .allSatisfy(key -> assertThat(key.privateKey()).isEmpty());
  }
}
