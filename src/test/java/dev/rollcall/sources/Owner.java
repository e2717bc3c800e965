package dev.rollcall.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.wire.Addresses;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Who owns an address of the bus: keeps what it is asked, until the test answers it. */
public final class Owner {

  private final BlockingQueue<Message<JsonObject>> asked = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();
  private final AtomicInteger count = new AtomicInteger();

  public Owner(Vertx vertx, String address) {
    vertx
        .eventBus()
        .<JsonObject>consumer(
            address,
            message -> {
              count.incrementAndGet();
              asked.add(message);
            });
    vertx
        .eventBus()
        .<JsonObject>consumer(
            Addresses.CANCEL,
            message -> cancelled.add(message.body().getString(Addresses.EXCHANGE)));
  }

  /** What it is asked next; waits for that. */
  public Message<JsonObject> next() {
    return taken(asked, "a question");
  }

  /** The exchange that is called off next, of whichever owner; waits for that. */
  public String cancelled() {
    return taken(cancelled, "a cancellation");
  }

  /** How often it was asked so far. */
  public int count() {
    return count.get();
  }

  private static <T> T taken(BlockingQueue<T> queue, String what) {
    try {
      T taken = queue.poll(10, TimeUnit.SECONDS);
      assertThat(taken).as(what + " within 10 s").isNotNull();
      return taken;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
