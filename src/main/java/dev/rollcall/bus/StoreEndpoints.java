package dev.rollcall.bus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Late;
import dev.rollcall.store.remote.WireFailures;
import dev.rollcall.store.remote.WireUsers;
import dev.rollcall.store.remote.WireWrites;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.UserWrite;
import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.StrictJson;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Serves the store of this node to nodes that have none, at addresses with this node's name.
 *
 * <p>A request is {@code {"call":"find",…}}, a reply {@code {"position":n,"answer":…}}, both as
 * text in a buffer, and the message of a failure is encoded by {@link WireFailures}.
 */
final class StoreEndpoints {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Set<String> MANY = Set.of("list", "changes");

  private final UserStore store;

  /** The reads under way, by the names that their callers gave them. */
  private final Map<String, Call> reads = new HashMap<>();

  StoreEndpoints(UserStore store) {
    this.store = store;
  }

  List<ServedAddress> table(String node) {
    return List.of(
        row(node, Addresses.USERS_READ, Late.READ, this::read),
        row(node, Addresses.USERS_READ_CANCEL, Late.READ, this::cancel),
        row(node, Addresses.USERS_WRITE, Late.WRITE, this::write));
  }

  /** An address of this node. */
  static ServedAddress row(String node, String address, Late late, Consumer<Call> endpoint) {
    return new ServedAddress(
        Addresses.at(node, address),
        address,
        late,
        WireFailures::encode,
        (server, served, timers, message) ->
            new Call(server, served, timers, message) {
              @Override
              void serve() {
                endpoint.accept(this);
              }
            });
  }

  private void read(Call call) {
    JsonNode asked = asked(call);
    boolean one = !MANY.contains(asked.path("call").asText());
    call.reserve(
        one ? call.budget().users().next() : call.budget().page(), () -> read(call, asked));
    String exchange = call.headers().get(Addresses.EXCHANGE);
    if (exchange != null && !call.ended()) {
      reads.put(exchange, call);
      call.whenEnded(() -> reads.remove(exchange, call));
    }
  }

  private void read(Call call, JsonNode asked) {
    Future<JsonNode> answer;
    try {
      answer = read(asked, call.client());
    } catch (IllegalArgumentException e) {
      throw unknownCall();
    }
    reply(call, answer);
  }

  /** Cancels a read; one that has ended is not known any more. */
  private void cancel(Call call) {
    Call read = reads.remove(String.valueOf(call.body()));
    if (read != null) {
      read.abandon();
    }
    call.reply(NODES.nullNode().toString(), Call.PLAIN);
  }

  private Future<JsonNode> read(JsonNode asked, Cancellation caller) {
    return switch (asked.required("call").asText()) {
      case "find" ->
          store
              .find(id(asked), caller)
              .map(found -> found.<JsonNode>map(WireUsers::encode).orElse(NODES.nullNode()));
      case "list" ->
          store.list(UserQuery.decode(asked.required("query")), caller).map(WireUsers::encode);
      case "changes" ->
          store
              .changes(
                  asked.required("after").longValue(), asked.required("limit").intValue(), caller)
              .map(WireUsers::encode);
      case "passwordHash" ->
          store
              .passwordHash(id(asked), caller)
              .map(hash -> hash.<JsonNode>map(NODES::textNode).orElse(NODES.nullNode()));
      case "probe" -> store.probe().map(readable -> NODES.nullNode());
      default -> throw unknownCall();
    };
  }

  private static long id(JsonNode asked) {
    return asked.required("id").longValue();
  }

  private void write(Call call) {
    JsonNode asked = asked(call);
    List<UserWrite> writes = new ArrayList<>();
    boolean many;
    try {
      asked.required("writes").forEach(write -> writes.add(WireWrites.decode(write)));
      many = asked.required("call").asText().equals("writeAll");
      if (!many && writes.size() != 1) {
        throw unknownCall();
      }
    } catch (IllegalArgumentException e) {
      throw unknownCall();
    }
    Future<JsonNode> answer =
        many
            ? store.writeAll(writes).map(WireUsers::encode)
            : store.write(writes.get(0)).map(WireUsers::encode);
    reply(call, answer);
  }

  static JsonNode asked(Call call) {
    if (call.body() instanceof Buffer text) {
      return StrictJson.read(text.getBytes());
    }
    throw unknownCall();
  }

  static Failure unknownCall() {
    return Failure.invalid("", "not a request that nodes of this version make");
  }

  private void reply(Call call, Future<JsonNode> answer) {
    call.reply(
        answer,
        found -> {
          ObjectNode reply = NODES.objectNode();
          // After the answer, since its caller may rely on the feed showing as much.
          reply.put("position", store.position());
          reply.set("answer", found);
          call.reply(Buffer.buffer(reply.toString()), Call.PLAIN);
        });
  }
}
