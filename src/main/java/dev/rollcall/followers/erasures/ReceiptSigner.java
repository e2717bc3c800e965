package dev.rollcall.followers.erasures;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** Signs what is known of an erasure, for whoever wants to show it to others. */
public interface ReceiptSigner {
  /**
   * A compact JWS over an erasure.
   *
   * @param erasure as {@code GET /erasures/{n}} shows it
   * @return fails with a {@link dev.rollcall.base.Failure}, {@code CONFLICT} where there is no
   *     secret to keep a key with
   */
  Future<String> sign(JsonObject erasure);
}
