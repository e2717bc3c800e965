package dev.rollcall.ops;

import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Whether each node of the cluster is ready, as it says itself: {@code GET /nodes}.
 *
 * <p>A node that takes no messages, since it is about to leave or of a version that does not answer
 * this, is one of which nothing is known. Safe for use by all threads.
 *
 * @param name of this node; empty for one that is alone
 * @param others the names of the other nodes now
 * @param own that of this node
 */
public record NodeReadiness(String name, Supplier<Set<String>> others, Readiness own) {
  /** Longer than a node takes to find out about its own cluster and store. */
  private static final long TIMEOUT_MILLIS = 5_000;

  /** Answers the other nodes from now on. */
  Future<Void> serve(Vertx vertx) {
    return name.isEmpty()
        ? Future.succeededFuture()
        : vertx.eventBus().consumer(Addresses.NODE_READY + name, this::tell).completion();
  }

  private void tell(Message<Object> question) {
    own.ask().onSuccess(answer -> question.reply(json(answer)));
  }

  private static JsonObject json(Readiness.Answer answer) {
    return new JsonObject().put("ready", answer.ready()).put("reason", answer.reason());
  }

  /** Asks all at once; never fails, and answers within some seconds. */
  Future<OperatorAnswer> ask(Vertx vertx) {
    List<Future<JsonObject>> answers = new ArrayList<>();
    answers.add(own.ask().map(answer -> named(name, true).mergeIn(json(answer))));
    for (String other : new TreeSet<>(others.get())) {
      answers.add(ask(vertx.eventBus(), other));
    }
    return Future.all(answers)
        .map(all -> new JsonObject().put("items", new JsonArray(all.<Object>list())))
        .map(nodes -> OperatorAnswer.json(200, nodes));
  }

  private static Future<JsonObject> ask(EventBus bus, String node) {
    JsonObject unknown = new JsonObject().putNull("ready").put("reason", "it does not answer");
    return bus.<JsonObject>request(
            Addresses.NODE_READY + node,
            new JsonObject(),
            new DeliveryOptions().setSendTimeout(TIMEOUT_MILLIS))
        .map(Message::body)
        .otherwise(unknown)
        .map(answer -> named(node, false).mergeIn(answer));
  }

  private static JsonObject named(String node, boolean self) {
    return new JsonObject().put("node", node).put("self", self);
  }
}
