package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.users.DraftReader;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserSchema;
import dev.rollcall.users.UserWrite;
import dev.rollcall.wire.StrictJson;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes as they travel between nodes.
 *
 * <p>They hold what a client sent as text, which the same reader reads again: numbers keep their
 * digits, and no node can write what a client could not.
 */
public final class WireWrites {

  private WireWrites() {}

  static ObjectNode encode(UserWrite write) {
    ObjectNode wire = Wire.object();
    if (write.op() != null) {
      wire.put("op", write.op().toString());
    }
    if (write.by() != null) {
      wire.put("by", write.by()); // A node that is too old to know it passes it over.
    }
    if (write instanceof UserWrite.Create create) {
      return wire.put("kind", "create").put("draft", UserSchema.encode(create.draft()).toString());
    } else if (write instanceof UserWrite.Put put) {
      wire.put("kind", "put").put("draft", UserSchema.encode(put.draft()).toString());
      return named(wire, put.id(), put.precondition());
    } else if (write instanceof UserWrite.Patch patch) {
      wire.put("kind", "patch").put("patch", patch.patch().text());
      return named(wire, patch.id(), patch.precondition());
    } else if (write instanceof UserWrite.Delete delete) {
      return named(wire.put("kind", "delete"), delete.id(), delete.precondition());
    }
    UserWrite.SetPassword password = (UserWrite.SetPassword) write;
    wire.put("kind", "password").put("hash", password.hash()).put("replaces", password.replaces());
    return wire.put("id", password.id());
  }

  private static ObjectNode named(ObjectNode wire, long id, Precondition precondition) {
    wire.put("id", id);
    if (precondition.equals(Precondition.NONE)) {
      return wire;
    }
    ObjectNode condition = wire.putObject("condition");
    if (precondition.match() != null) {
      precondition.match().forEach(condition.putArray("match")::add);
    }
    condition.put("exists", precondition.exists());
    ArrayNode noneMatch = condition.putArray("noneMatch");
    precondition.noneMatch().forEach(noneMatch::add);
    condition.put("absent", precondition.absent());
    return wire;
  }

  /**
   * The write of a message.
   *
   * @throws dev.rollcall.base.Failure where no client could have made it
   * @throws RuntimeException of another kind when it is no write
   */
  public static UserWrite decode(JsonNode wire) {
    String op = wire.path("op").textValue();
    UUID name = op == null ? null : UUID.fromString(op);
    return write(wire, name).from(wire.path("by").textValue());
  }

  private static UserWrite write(JsonNode wire, @Nullable UUID name) {
    String kind = wire.required("kind").asText();
    if (kind.equals("create")) {
      return new UserWrite.Create(draft(wire), name);
    }
    long id = Wire.number(wire, "id");
    return switch (kind) {
      case "put" -> new UserWrite.Put(id, draft(wire), precondition(wire), name);
      case "patch" ->
          new UserWrite.Patch(
              id,
              DraftReader.patch(StrictJson.read(Wire.text(wire, "patch")), id),
              precondition(wire),
              name);
      case "delete" -> new UserWrite.Delete(id, precondition(wire), name);
      case "password" ->
          new UserWrite.SetPassword(id, Wire.text(wire, "hash"), wire.path("replaces").textValue());
      default -> throw new IllegalArgumentException("there is no such write");
    };
  }

  private static UserDraft draft(JsonNode wire) {
    return DraftReader.line(StrictJson.read(Wire.text(wire, "draft")));
  }

  private static Precondition precondition(JsonNode wire) {
    JsonNode condition = wire.get("condition");
    if (condition == null) {
      return Precondition.NONE;
    }
    Set<Long> noneMatch = seqs(condition.get("noneMatch"));
    return new Precondition(
        seqs(condition.get("match")),
        condition.required("exists").booleanValue(),
        noneMatch == null ? Set.of() : noneMatch,
        condition.required("absent").booleanValue());
  }

  private static @Nullable Set<Long> seqs(@Nullable JsonNode array) {
    if (array == null) {
      return null;
    }
    Set<Long> seqs = new HashSet<>();
    array.forEach(seq -> seqs.add(seq.longValue()));
    return seqs;
  }
}
