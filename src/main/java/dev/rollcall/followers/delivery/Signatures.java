package dev.rollcall.followers.delivery;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signatures of the deliveries of one webhook, as Standard Webhooks 1.0 has them. Belongs to one
 * event loop, since its keys are made ready once for all deliveries.
 */
public final class Signatures {
  private static final String ALGORITHM = "HmacSHA256";

  private final List<Mac> macs;

  /** Those with each of some keys. */
  public Signatures(List<byte[]> keys) {
    this.macs = keys.stream().map(Signatures::mac).toList();
  }

  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /**
   * The value of {@code webhook-signature}: {@code v1,…} for each key.
   *
   * @param id that of the message, the same for each attempt
   * @param timestamp of the attempt, in seconds since 1970
   */
  public String of(String id, long timestamp, Buffer body) {
    byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.US_ASCII);
    byte[] content = body.getBytes();
    StringBuilder signatures = new StringBuilder(48 * macs.size());
    for (Mac mac : macs) {
      mac.update(head); // What was signed before has left nothing behind.
      signatures
          .append(signatures.isEmpty() ? "v1," : " v1,")
          .append(Base64.getEncoder().encodeToString(mac.doFinal(content)));
    }
    return signatures.toString();
  }
}
