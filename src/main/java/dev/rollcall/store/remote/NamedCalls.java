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
 */
final class NamedCalls {
  private final EventBus bus;
  private final OwnerRegistry owners;

  /**
   * Calls of some nodes.
   *
   * @param owners those that serve what is called; where there are none, calls fail with {@code
   *     UNAVAILABLE}
   */
  NamedCalls(EventBus bus, OwnerRegistry owners) {
    this.bus = bus;
    this.owners = owners;
  }

  /** A request with no more than its name. */
  static ObjectNode named(String call) {
    return JsonNodeFactory.instance.objectNode().put("call", call);
  }

  /** Sends a request; the answer is what is read of the reply. */
  <T> Future<T> send(Work work, ObjectNode request, Function<JsonNode, T> reader) {
    Buffer text = Buffer.buffer(request.toString());
    OwnerCall call = new OwnerCall(bus, owners, text, work, new Cancellation());
    return call.send().map(reply -> call.answer(reply, reader));
  }
}
