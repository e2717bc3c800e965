package dev.rollcall.followers.delivery;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signatures of deliveries, as Standard Webhooks 1.0 has them. */
public final class Signatures {
  private static final String ALGORITHM = "HmacSHA256";

  private Signatures() {}

  /**
   * The value of {@code webhook-signature}: {@code v1,…} for each key.
   *
   * @param id that of the message, the same for each attempt
   * @param timestamp of the attempt, in seconds since 1970
   */
  public static String of(List<byte[]> keys, String id, long timestamp, Buffer body) {
    byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.US_ASCII);
    byte[] content = body.getBytes();
    StringBuilder signatures = new StringBuilder(48 * keys.size());
    for (byte[] key : keys) {
      signatures.append(signatures.isEmpty() ? "v1," : " v1,").append(sign(key, head, content));
    }
    return signatures.toString();
  }

  private static String sign(byte[] key, byte[] head, byte[] content) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update(head);
      return Base64.getEncoder().encodeToString(mac.doFinal(content));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
