package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.base.Cancellation;
import dev.rollcall.store.remote.OwnerCall.Work;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import java.util.function.Function;

/**
 * Calls of other nodes' store that are told apart by a name in their JSON, such as those about
 * keys. Safe for use by all threads.
 *
 * @param owners those that serve what is called; where there are none, calls fail with {@code
 *     UNAVAILABLE}
 * @param read how they are asked for what changes nothing
 * @param write how they are asked for the rest
 */
record NamedCalls(EventBus bus, OwnerRegistry owners, Work read, Work write) {
  /** A request with no more than its name. */
  static ObjectNode named(String call) {
    return JsonNodeFactory.instance.objectNode().put("call", call);
  }

  <T> Future<T> read(ObjectNode request, Function<JsonNode, T> reader) {
    return send(read, request, reader);
  }

  <T> Future<T> write(ObjectNode request, Function<JsonNode, T> reader) {
    return send(write, request, reader);
  }

  /** Sends a request; the answer is what is read of the reply. */
  <T> Future<T> send(Work work, ObjectNode request, Function<JsonNode, T> reader) {
    Buffer text = Buffer.buffer(request.toString());
    OwnerCall call = new OwnerCall(bus, owners, text, work, new Cancellation());
    return call.send().map(reply -> call.answer(reply, reader));
  }
}
