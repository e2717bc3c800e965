package dev.rollcall.bus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.followers.webhooks.WebhookStore.Declarer;
import dev.rollcall.followers.webhooks.Webhooks;
import dev.rollcall.followers.webhooks.Webhooks.Action;
import dev.rollcall.store.remote.WireWebhooks;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import java.util.List;

/**
 * Serves the webhooks in the store of this node to nodes that have none, in the form of {@link
 * StoreEndpoints}.
 */
final class WebhookEndpoints {
  private final Webhooks webhooks;

  WebhookEndpoints(Webhooks webhooks) {
    this.webhooks = webhooks;
  }

  List<ServedAddress> table(String node) {
    return StoreEndpoints.table(
        node, Addresses.WEBHOOKS_READ, this::read, Addresses.WEBHOOKS_WRITE, this::write);
  }

  private Future<JsonNode> read(JsonNode asked) {
    Declarer caller = WireWebhooks.caller(asked);
    return switch (asked.required("call").asText()) {
      case "list" -> webhooks.list(caller);
      case "get" -> webhooks.get(name(asked), caller);
      case "attempts" -> webhooks.attempts(name(asked), caller);
      default -> throw StoreEndpoints.unknownCall();
    };
  }

  private Future<JsonNode> write(JsonNode asked) {
    Declarer caller = WireWebhooks.caller(asked);
    return switch (asked.required("call").asText()) {
      case "declare" ->
          webhooks.declare(
              WireWebhooks.spec(asked.required("spec")),
              WireWebhooks.secret(asked.required("ifNew")),
              asked.required("after").longValue(),
              caller);
      case "delete" -> webhooks.delete(name(asked), caller);
      case "act" ->
          webhooks.act(name(asked), Action.valueOf(asked.required("action").asText()), caller);
      case "replay" -> webhooks.replay(name(asked), asked.required("after").longValue(), caller);
      case "test" -> webhooks.test(name(asked), caller);
      default -> throw StoreEndpoints.unknownCall();
    };
  }

  private static String name(JsonNode asked) {
    return asked.required("name").asText();
  }
}
