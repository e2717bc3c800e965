package dev.rollcall.bus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.rollcall.access.sessions.Sessions;
import dev.rollcall.store.remote.WireSessions;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;

/**
 * Serves the sessions in the store of this node to nodes that have none, in the form of {@link
 * StoreEndpoints}. What travels has the tokens that whoever logs in gets, and no private key.
 */
final class SessionEndpoints {
  private final Sessions sessions;

  SessionEndpoints(Sessions sessions) {
    this.sessions = sessions;
  }

  List<ServedAddress> table(String node) {
    return StoreEndpoints.table(
        node, Addresses.SESSIONS_READ, this::read, Addresses.SESSIONS_WRITE, this::write);
  }

  private Future<JsonNode> read(JsonNode asked) {
    if (!asked.required("call").asText().equals("updates")) {
      throw StoreEndpoints.unknownCall();
    }
    return sessions.updates(asked.required("since").longValue()).map(WireSessions::encode);
  }

  private Future<JsonNode> write(JsonNode asked) {
    return switch (asked.required("call").asText()) {
      case "start" ->
          sessions
              .start(asked.required("user").longValue(), asked.required("hash").asText())
              .map(begun -> begun.<JsonNode>map(WireSessions::encode).orElse(NullNode.instance));
      case "refresh" ->
          sessions.refresh(asked.required("token").asText()).map(WireSessions::encode);
      case "end" ->
          sessions
              .end(UUID.fromString(asked.required("session").asText()))
              .map(BooleanNode::valueOf);
      default -> throw StoreEndpoints.unknownCall();
    };
  }
}
