package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.sessions.EndedSession;
import dev.rollcall.access.sessions.IssuedSession;
import dev.rollcall.access.sessions.SessionUpdates;
import dev.rollcall.access.sessions.SigningKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Sessions as they travel between nodes, with times as milliseconds; of keys, the public half
 * alone. Reading throws a {@link RuntimeException} for anything else.
 */
public final class WireSessions {
  private WireSessions() {}

  public static ObjectNode encode(IssuedSession issued) {
    return Wire.object()
        .put("id", issued.id().toString())
        .put("user", issued.user())
        .put("token", issued.token())
        .put("expiresAt", issued.expiresAt().toEpochMilli())
        .put("refreshToken", issued.refreshToken())
        .put("refreshExpiresAt", issued.refreshExpiresAt().toEpochMilli());
  }

  static IssuedSession issued(JsonNode wire) {
    return new IssuedSession(
        UUID.fromString(Wire.text(wire, "id")),
        Wire.number(wire, "user"),
        Wire.text(wire, "token"),
        Wire.time(wire, "expiresAt"),
        Wire.text(wire, "refreshToken"),
        Wire.time(wire, "refreshExpiresAt"));
  }

  public static ObjectNode encode(SessionUpdates updates) {
    ObjectNode wire = Wire.object().put("revision", updates.revision());
    wire.set("keys", Wire.array(updates.keys(), WireSessions::encode));
    ArrayNode ended = wire.putArray("ended");
    updates
        .ended()
        .forEach(each -> ended.add(each.id().toString()).add(each.until().toEpochMilli()));
    return wire;
  }

  static SessionUpdates updates(JsonNode wire) {
    List<EndedSession> ended = new ArrayList<>();
    JsonNode all = wire.required("ended");
    for (int i = 0; i + 1 < all.size(); i += 2) {
      ended.add(
          new EndedSession(
              UUID.fromString(all.get(i).textValue()),
              Instant.ofEpochMilli(all.get(i + 1).longValue())));
    }
    return new SessionUpdates(
        Wire.number(wire, "revision"), Wire.list(wire.required("keys"), WireSessions::key), ended);
  }

  private static ObjectNode encode(SigningKey key) {
    return Wire.object()
        .put("id", key.id())
        .put("name", key.name())
        .put("publicKey", key.publicKey())
        .put("createdAt", key.createdAt().toEpochMilli())
        .put("usedFrom", key.usedFrom().toEpochMilli())
        .put("until", Wire.millis(key.until()));
  }

  private static SigningKey key(JsonNode wire) {
    return new SigningKey(
        Wire.number(wire, "id"),
        Wire.text(wire, "name"),
        Wire.bytes(wire, "publicKey"),
        new byte[0],
        Wire.time(wire, "createdAt"),
        Wire.time(wire, "usedFrom"),
        Wire.timeOrNull(wire, "until"));
  }
}
