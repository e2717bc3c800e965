package dev.rollcall.operations;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The public keys by which others verify what is signed here: a JWKS (RFC 7517). */
final class SigningKeyCalls {
  private SigningKeyCalls() {}

  /** Those of sessions' tokens, where there are sessions, and those of receipts. */
  static void get(Resources resources, Request request) {
    request.reply(
        resources.receiptKeys().jwks(),
        ofReceipts -> {
          ObjectNode all = JsonNodeFactory.instance.objectNode();
          ArrayNode keys = all.putArray("keys");
          resources.sessions().ifPresent(sessions -> sessions.publishedKeys().forEach(keys::add));
          ofReceipts.forEach(keys::add);
          request.published(Request.text(all));
        });
  }
}
