package dev.rollcall.views;

import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Map;

/**
 * What a Vert.x instance holds: timers, and handlers on the event bus, those that wait for a reply
 * included. There is no public way to count them, so this looks at its fields.
 *
 * <p>An HTTP client has a timer of its own until it is closed. A source may come to have a second
 * client for a URL, which opens a connection for each request, and no third one.
 */
final class Leaks {

  private final Vertx vertx;
  private final int clients;
  private final int timers;
  private final int handlers;

  /** Remembers what is there now. */
  Leaks(Vertx vertx) {
    this.vertx = vertx;
    this.clients = clients();
    this.timers = timers();
    this.handlers = handlers();
  }

  /** Waits until there is no more than what was remembered. */
  void awaitNone(Duration atMost) {
    await()
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> timers() <= timers && clients() <= 2 * clients && handlers() <= handlers);
  }

  private int timers() {
    return ((Map<?, ?>) field(vertx, "timeouts")).size() - clients();
  }

  private int clients() {
    Map<?, ?> all = (Map<?, ?>) field(vertx, "timeouts");
    return (int)
        all.values().stream()
            .map(timer -> field(timer, "handler"))
            .filter(handler -> handler.getClass().getSimpleName().equals("PoolChecker"))
            .count();
  }

  private int handlers() {
    Map<?, ?> all = (Map<?, ?>) field(vertx.eventBus(), "handlerMap");
    // What the tests own is not ours to give back.
    return (int) all.keySet().stream().filter(key -> !key.toString().startsWith("test.")).count();
  }

  private static Object field(Object of, String name) {
    for (Class<?> type = of.getClass(); type != null; type = type.getSuperclass()) {
      try {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
      } catch (NoSuchFieldException e) {
        // It may be one of the superclass.
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
    throw new IllegalStateException("Vert.x has no field " + name + " any more");
  }
}
