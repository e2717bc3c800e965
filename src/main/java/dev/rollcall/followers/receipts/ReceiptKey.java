package dev.rollcall.followers.receipts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.signing.SigningPair;
import java.time.Instant;

/**
 * A key that signs receipts (Ed25519), as a store keeps it. It is published for good, since a
 * receipt may be shown at any time. Immutable, as long as nobody writes to its bytes.
 *
 * @param id from 1 on, in the order in which they were made
 * @param name what receipts call it ({@code kid})
 * @param publicKey 32 bytes
 * @param privateKey encrypted by {@code auth.secret}; empty where it stays with others
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
public record ReceiptKey(
    long id, String name, byte[] publicKey, byte[] privateKey, Instant createdAt) {
  /** Without what only owners know. */
  public ReceiptKey published() {
    return new ReceiptKey(id, name, publicKey, new byte[0], createdAt);
  }

  /** As it stands in a JWKS. */
  ObjectNode jwk() {
    return SigningPair.jwk(name, publicKey);
  }

  @Override
  public String toString() {
    return "ReceiptKey[" + name + "]";
  }
}
