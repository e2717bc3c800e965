package example;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;

/**
 * Sees every change of the users once, in order, from when it is deployed until it is undeployed.
 * What is published is only a hint.
 */
final class Follower extends VerticleBase {

  private static final long PAUSE = 5000;

  private final Consumer<JsonObject> take;
  private MessageConsumer<JsonObject> hints;
  private Promise<Void> reading;
  private boolean again;
  private volatile long seen;

  /**
   * A follower that goes on behind a change.
   *
   * @param seen the last change that was seen; a real service stores it with what it makes of them
   * @param take called for each change, on the event loop
   */
  Follower(long seen, Consumer<JsonObject> take) {
    this.seen = seen;
    this.take = take;
  }

  /** The last change that was seen. */
  long seen() {
    return seen;
  }

  /** Listens first and then reads, so that nothing falls between; started when caught up. */
  @Override
  public Future<?> start() {
    hints = vertx.eventBus().consumer("rollcall.users.changed", hint -> read());
    // A hint may be lost.
    vertx.setPeriodic(PAUSE, turn -> read());
    return hints.completion().compose(listening -> read());
  }

  /** A hint that comes while the feed is read has it read once more. */
  private Future<Void> read() {
    again = true;
    if (reading == null) {
      reading = Promise.promise();
      readPage();
    }
    return reading.future();
  }

  private void readPage() {
    again = false;
    vertx
        .eventBus()
        .<JsonObject>request("rollcall.users.changes", new JsonObject().put("after", seen))
        .onComplete(reply -> taken(reply.body()), this::failed);
  }

  private void taken(JsonObject page) {
    JsonArray items = page.getJsonArray("items");
    for (int i = 0; i < items.size(); i++) {
      take.accept(items.getJsonObject(i));
    }
    seen = page.getLong("next");
    if (!items.isEmpty() || again) {
      readPage();
    } else {
      ended().complete();
    }
  }

  /** What could not be read now is read with the next hint, or after the pause. */
  private void failed(Throwable fault) {
    System.err.println(fault.getMessage() + "; trying again");
    ended().fail(fault);
  }

  private Promise<Void> ended() {
    Promise<Void> read = reading;
    reading = null;
    return read;
  }
}
