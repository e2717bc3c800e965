package dev.rollcall.operations;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.ApiKey;
import dev.rollcall.access.AuditLog.Event;
import dev.rollcall.access.Keys;
import dev.rollcall.users.UserSchema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys: making, listing and deleting them. The text of a key is in the answer that tells of its
 * making, and in no other.
 */
final class KeyCalls {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private KeyCalls() {}

  static void create(Resources resources, Request request) {
    Keys keys = resources.keys();
    request.body(
        body -> {
          KeyRequest wanted = KeyRequest.read(body, Instant.now());
          request.reply(
              keys.make(wanted.name(), wanted.scopes(), wanted.expiresAt(), request.principal())
                  .onSuccess(made -> request.audit(Event.KEY_CREATED, made.key().principal())),
              made ->
                  request.created(
                      Request.text(encode(made.key(), made.text())), "/keys/" + made.key().id()));
        });
  }

  static void list(Resources resources, Request request) {
    request.reserve(
        request.budget().page(),
        () -> request.reply(resources.keys().list(), keys -> request.document(encode(keys))));
  }

  static void get(Resources resources, Request request) {
    request.reply(resources.keys().find(request.id()), key -> request.document(encode(key, null)));
  }

  static void delete(Resources resources, Request request) {
    long id = request.id();
    request.reply(
        resources
            .keys()
            .delete(id, request.principal())
            .onSuccess(deleted -> request.audit(Event.KEY_DELETED, ApiKey.PRINCIPAL + id)),
        deleted -> request.nothing());
  }

  private static ObjectNode encode(List<ApiKey> keys) {
    ObjectNode json = NODES.objectNode();
    ArrayNode items = json.putArray("items");
    keys.forEach(key -> items.add(encode(key, null)));
    return json;
  }

  private static ObjectNode encode(ApiKey key, @Nullable String text) {
    ObjectNode json = NODES.objectNode().put("id", key.id()).put("name", key.name());
    ArrayNode scopes = json.putArray("scopes");
    key.scopes().names().forEach(scopes::add);
    if (text != null) {
      json.put("key", text);
    }
    return json.put("createdAt", UserSchema.TIME.format(key.createdAt()))
        .put("expiresAt", time(key.expiresAt()))
        .put("lastUsedAt", time(key.lastUsedAt()))
        .put("by", key.by());
  }

  private static @Nullable String time(@Nullable Instant at) {
    return at == null ? null : UserSchema.TIME.format(at);
  }
}
