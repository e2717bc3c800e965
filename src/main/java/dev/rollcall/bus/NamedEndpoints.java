package dev.rollcall.bus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.rollcall.access.KeyStore;
import dev.rollcall.access.sessions.Sessions;
import dev.rollcall.base.Late;
import dev.rollcall.followers.cursors.CursorStore;
import dev.rollcall.followers.erasures.Erasures;
import dev.rollcall.followers.receipts.ReceiptKeys;
import dev.rollcall.followers.webhooks.Webhooks;
import dev.rollcall.followers.webhooks.Webhooks.Action;
import dev.rollcall.store.remote.WireCursors;
import dev.rollcall.store.remote.WireKeys;
import dev.rollcall.store.remote.WireReceiptKeys;
import dev.rollcall.store.remote.WireSessions;
import dev.rollcall.store.remote.WireWebhooks;
import dev.rollcall.wire.Addresses.Kept;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * Serves what the store of this node keeps beside users to nodes that have none: an address for
 * reads and one for writes, of calls that are told apart by their names. A request is {@code
 * {"call":"keys",…}} and a reply {@code {"answer":…}}, since the position of the feed says nothing
 * about it.
 *
 * <p>What travels has the hashes of keys and never their texts, the tokens that whoever logs in
 * gets, and no private key.
 */
final class NamedEndpoints {
  private final Map<String, Function<JsonNode, Future<? extends JsonNode>>> reads = new HashMap<>();
  private final Map<String, Function<JsonNode, Future<? extends JsonNode>>> writes =
      new HashMap<>();

  private NamedEndpoints read(String call, Function<JsonNode, Future<? extends JsonNode>> served) {
    reads.put(call, served);
    return this;
  }

  private NamedEndpoints write(String call, Function<JsonNode, Future<? extends JsonNode>> served) {
    writes.put(call, served);
    return this;
  }

  private List<ServedAddress> table(String node, Kept kept) {
    List<ServedAddress> table = new ArrayList<>();
    table.add(StoreEndpoints.row(node, kept.read(), Late.READ, call -> serve(call, reads)));
    if (!writes.isEmpty()) {
      table.add(StoreEndpoints.row(node, kept.write(), Late.WRITE, call -> serve(call, writes)));
    }
    return table;
  }

  private static void serve(
      Call call, Map<String, Function<JsonNode, Future<? extends JsonNode>>> calls) {
    JsonNode asked = StoreEndpoints.asked(call);
    Future<? extends JsonNode> answer;
    try {
      Function<JsonNode, Future<? extends JsonNode>> served =
          calls.get(asked.required("call").asText());
      if (served == null) {
        throw StoreEndpoints.unknownCall();
      }
      answer = served.apply(asked);
    } catch (IllegalArgumentException e) {
      throw StoreEndpoints.unknownCall();
    }
    call.reply(
        answer,
        found -> {
          ObjectNode reply = JsonNodeFactory.instance.objectNode();
          reply.set("answer", found);
          call.reply(Buffer.buffer(reply.toString()), Call.PLAIN);
        });
  }

  static List<ServedAddress> ofKeys(KeyStore keys, String node) {
    return new NamedEndpoints()
        .read("revision", asked -> keys.keyRevision().map(LongNode::valueOf))
        .read(
            "keys",
            asked ->
                keys.keys(number(asked, "after"), asked.required("limit").intValue())
                    .map(WireKeys::encode))
        .write(
            "add",
            asked -> keys.addKey(WireKeys.newKey(asked.required("key"))).map(WireKeys::encode))
        .write("delete", asked -> keys.deleteKey(number(asked, "id")).map(BooleanNode::valueOf))
        .write(
            "used",
            asked ->
                keys.keysUsed(WireKeys.uses(asked.required("uses")))
                    .map(noted -> NullNode.instance))
        .table(node, Kept.KEYS);
  }

  static List<ServedAddress> ofFollowers(CursorStore cursors, String node) {
    return new NamedEndpoints()
        .read("cursor", asked -> cursors.cursor(text(asked, "name")).map(WireCursors::encode))
        .read("cursors", asked -> cursors.cursors().map(WireCursors::encode))
        .write(
            "putCursor",
            asked ->
                cursors
                    .putCursor(WireCursors.wanted(asked.required("wanted")))
                    .map(WireCursors::encode))
        .write(
            "advanceCursor",
            asked ->
                cursors
                    .advanceCursor(
                        number(asked, "id"),
                        number(asked, "seq"),
                        Instant.ofEpochMilli(number(asked, "now")))
                    .map(WireCursors::encode))
        .write(
            "deleteCursor",
            asked -> cursors.deleteCursor(number(asked, "id")).map(BooleanNode::valueOf))
        .table(node, Kept.FOLLOWERS);
  }

  static List<ServedAddress> ofSessions(Sessions sessions, String node) {
    return new NamedEndpoints()
        .read(
            "updates", asked -> sessions.updates(number(asked, "since")).map(WireSessions::encode))
        .write(
            "start",
            asked ->
                sessions
                    .start(number(asked, "user"), text(asked, "hash"))
                    .map(
                        begun ->
                            begun.<JsonNode>map(WireSessions::encode).orElse(NullNode.instance)))
        .write("refresh", asked -> sessions.refresh(text(asked, "token")).map(WireSessions::encode))
        .write(
            "end",
            asked ->
                sessions.end(UUID.fromString(text(asked, "session"))).map(BooleanNode::valueOf))
        .table(node, Kept.SESSIONS);
  }

  static List<ServedAddress> ofWebhooks(Webhooks webhooks, String node) {
    return new NamedEndpoints()
        .read("list", asked -> webhooks.list(WireWebhooks.caller(asked)))
        .read("get", asked -> webhooks.get(text(asked, "name"), WireWebhooks.caller(asked)))
        .read(
            "attempts", asked -> webhooks.attempts(text(asked, "name"), WireWebhooks.caller(asked)))
        .write(
            "declare",
            asked ->
                webhooks.declare(
                    WireWebhooks.spec(asked.required("spec")),
                    WireWebhooks.secret(asked.required("ifNew")),
                    number(asked, "after"),
                    WireWebhooks.caller(asked)))
        .write("delete", asked -> webhooks.delete(text(asked, "name"), WireWebhooks.caller(asked)))
        .write(
            "act",
            asked ->
                webhooks.act(
                    text(asked, "name"),
                    Action.valueOf(text(asked, "action")),
                    WireWebhooks.caller(asked)))
        .write(
            "replay",
            asked ->
                webhooks.replay(
                    text(asked, "name"), number(asked, "after"), WireWebhooks.caller(asked)))
        .write("test", asked -> webhooks.test(text(asked, "name"), WireWebhooks.caller(asked)))
        .table(node, Kept.WEBHOOKS);
  }

  /** The public keys of receipts, which nobody writes from elsewhere. */
  static List<ServedAddress> ofReceipts(ReceiptKeys keys, String node) {
    return new NamedEndpoints()
        .read("published", asked -> keys.published().map(WireReceiptKeys::encode))
        .table(node, Kept.RECEIPTS);
  }

  static List<ServedAddress> ofErasures(Erasures erasures, String node) {
    return new NamedEndpoints()
        .read("get", asked -> erasures.get(number(asked, "id")))
        .read("receipt", asked -> erasures.receipt(number(asked, "id")).map(TextNode::valueOf))
        .write(
            "start",
            asked -> erasures.start(number(asked, "user"), asked.required("by").textValue()))
        .table(node, Kept.ERASURES);
  }

  private static long number(JsonNode asked, String name) {
    return asked.required(name).longValue();
  }

  private static String text(JsonNode asked, String name) {
    return asked.required(name).asText();
  }
}
