package dev.rollcall.warmup;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Callers on an event bus that nobody else is on, each with one message at a time; and the owner of
 * a source there. Safe for use by all threads.
 */
public final class BusLoad {

  private static final int USERS = 1_000;

  /** What is asked of users, with an answer or a failure; views are asked for besides. */
  private static final List<String> ADDRESSES =
      List.of("rollcall.users.get", "rollcall.users.get", "rollcall.users.list");

  private final EventBus bus;
  private final Vertx vertx;
  private final LongAdder answers = new LongAdder();
  private volatile boolean ended;

  public BusLoad(Vertx vertx) {
    this.vertx = vertx;
    this.bus = vertx.eventBus();
  }

  /** Owns a source at an address, which answers in JSON. */
  public void own(String address) {
    JsonObject answer =
        new JsonObject()
            .put("total", 1249.5)
            .put("open", true)
            .put("items", new JsonArray().add("first").add(2).addNull());
    bus.consumer(address, message -> message.reply(answer));
  }

  /** Has so many callers begin, each on an event loop. */
  public void start(int callers) {
    for (int caller = 0; caller < callers; caller++) {
      int first = caller;
      vertx.runOnContext(begin -> ask(first));
    }
  }

  private void ask(int turn) {
    if (ended) {
      return;
    }
    String address = ADDRESSES.get(turn % ADDRESSES.size());
    JsonObject body =
        address.endsWith("list")
            ? new JsonObject().put("limit", 10)
            : new JsonObject().put("id", 1 + turn * 7L % USERS);
    // A failure is an answer as well: what matters is the way to it.
    bus.request(address, body)
        .onComplete(
            either -> {
              answers.increment();
              // Not from within the reply, which could go on in one stack for ever.
              vertx.runOnContext(next -> ask(turn + 1));
            });
  }

  /** How many messages were answered so far. */
  public long answers() {
    return answers.sum();
  }

  /** Asks no more. */
  public void end() {
    ended = true;
  }
}
