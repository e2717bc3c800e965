package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.base.Failure;
import dev.rollcall.users.BulkOutcome;
import dev.rollcall.users.Change;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.User;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserSchema;
import dev.rollcall.users.WriteOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Users, changes and outcomes as they travel between nodes: all that their records hold, with JSON
 * as text and times as milliseconds. Reading throws a {@link RuntimeException} for anything else.
 */
public final class WireUsers {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final UserSchema.Row<JsonNode, RuntimeException> USER =
      new UserSchema.Row<>() {
        @Override
        public long number(JsonNode row, int index) {
          return WireUsers.number(row, UserSchema.READ.get(index).member());
        }

        @Override
        public @Nullable String text(JsonNode row, int index) {
          return row.required(UserSchema.READ.get(index).member()).textValue();
        }
      };

  private WireUsers() {}

  public static ObjectNode encode(User user) {
    ObjectNode wire = NODES.objectNode();
    for (UserSchema.Column column : UserSchema.READ) {
      if (column instanceof UserSchema.NumberColumn number) {
        wire.put(column.member(), number.value().applyAsLong(user));
      } else if (column instanceof UserSchema.TextColumn text) {
        wire.put(column.member(), text.value().apply(user));
      }
    }
    return wire;
  }

  static User user(JsonNode wire) {
    return UserSchema.read(wire, USER);
  }

  static Optional<User> found(JsonNode wire) {
    return wire.isNull() ? Optional.empty() : Optional.of(user(wire));
  }

  public static ObjectNode encode(UserPage page) {
    ObjectNode wire = NODES.objectNode().put("more", page.more());
    wire.set("items", Wire.array(page.items(), WireUsers::encode));
    return wire;
  }

  static UserPage page(JsonNode wire) {
    return new UserPage(
        Wire.list(wire.required("items"), WireUsers::user), wire.required("more").booleanValue());
  }

  public static ObjectNode encode(ChangePage page) {
    ObjectNode wire = NODES.objectNode().put("next", page.next());
    ArrayNode items = wire.putArray("items");
    for (Change change : page.items()) {
      ObjectNode item =
          items
              .addObject()
              .put("seq", change.seq())
              .put("kind", change.kind().name())
              .put("id", change.id())
              .put("version", change.version())
              .put("at", change.at().toEpochMilli())
              .put("user", change.user());
      if (change.by() != null) {
        item.put("by", change.by());
      }
    }
    return wire;
  }

  static ChangePage changes(JsonNode wire) {
    List<Change> items = new ArrayList<>();
    for (JsonNode change : wire.required("items")) {
      items.add(
          new Change(
              number(change, "seq"),
              Change.Kind.valueOf(Wire.text(change, "kind")),
              number(change, "id"),
              number(change, "version"),
              time(change, "at"),
              change.required("user").textValue(),
              change.path("by").textValue()));
    }
    return new ChangePage(items, number(wire, "next"));
  }

  public static ObjectNode encode(WriteOutcome outcome) {
    ObjectNode wire = NODES.objectNode().put("kind", outcome.kind().name());
    if (outcome.written() != null) {
      wire.set("user", encode(outcome.written()));
    }
    return wire;
  }

  static WriteOutcome outcome(JsonNode wire) {
    JsonNode user = wire.get("user");
    return new WriteOutcome(
        WriteOutcome.Kind.valueOf(Wire.text(wire, "kind")), user == null ? null : user(user));
  }

  public static ObjectNode encode(BulkOutcome outcome) {
    ObjectNode wire = NODES.objectNode();
    ArrayNode results = wire.putArray("results");
    for (BulkOutcome.Result result : outcome.results()) {
      ObjectNode each = results.addObject();
      if (result.outcome() != null) {
        each.set("outcome", encode(result.outcome()));
      } else if (result.failure() != null) {
        each.put("failure", WireFailures.encode(result.failure()));
      }
    }
    if (outcome.stopped() != null) {
      wire.put("stopped", WireFailures.encode(outcome.stopped()));
    }
    return wire;
  }

  static BulkOutcome bulk(JsonNode wire) {
    List<BulkOutcome.Result> results = new ArrayList<>();
    for (JsonNode each : wire.required("results")) {
      JsonNode outcome = each.get("outcome");
      results.add(
          outcome == null
              ? new BulkOutcome.Result(null, WireFailures.decode(Wire.text(each, "failure")))
              : new BulkOutcome.Result(outcome(outcome), null));
    }
    return new BulkOutcome(results, stopped(wire.get("stopped")));
  }

  private static @Nullable Failure stopped(@Nullable JsonNode wire) {
    return wire == null ? null : WireFailures.decode(wire.asText());
  }

  private static long number(JsonNode wire, String name) {
    JsonNode number = wire.required(name);
    if (!number.canConvertToLong() || !number.isIntegralNumber()) {
      throw new IllegalArgumentException(name + " is a number");
    }
    return number.longValue();
  }

  private static Instant time(JsonNode wire, String name) {
    return Instant.ofEpochMilli(number(wire, name));
  }
}
