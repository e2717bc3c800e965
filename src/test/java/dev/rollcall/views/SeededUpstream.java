package dev.rollcall.views;

import dev.rollcall.wire.Addresses;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A service whose answers come late, fail or never come, as a seed says, and that remembers when it
 * was asked and when it answered. Over HTTP its paths are {@code /<source>/<url>/<user>}; over the
 * event bus it owns addresses.
 */
final class SeededUpstream implements AutoCloseable {

  /** What became of a request; how an attempt ends by it. */
  enum Ending {
    OPEN(0),
    OK(200),
    ABSENT(404),
    FAILED(500),
    GIVEN_UP(0);

    private final int status;

    Ending(int status) {
      this.status = status;
    }
  }

  /** A request. Times are on the clock of {@link System#nanoTime()}. */
  static final class Asked {
    final String source;
    final int url;
    final long user;
    final long began = System.nanoTime();
    volatile long ended;
    volatile Ending ending = Ending.OPEN;

    private Asked(String source, int url, long user) {
      this.source = source;
      this.url = url;
      this.user = user;
    }

    /** Whether this is how it ended. */
    private boolean end(Ending how) {
      if (ending != Ending.OPEN) {
        return false;
      }
      ended = System.nanoTime();
      ending = how;
      return true;
    }

    @Override
    public String toString() {
      return source + "/" + url + "/" + user + " " + ending + " " + began + ".." + ended;
    }
  }

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
  private final List<Asked> all = new ArrayList<>();

  /** What was asked over the event bus, by the name that whoever asks can call it off by. */
  private final Map<String, Asked> exchanges = new ConcurrentHashMap<>();

  private final long seed;
  private final HttpServer server;

  SeededUpstream(long seed) {
    this.seed = seed;
    server = vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1").await();
  }

  String url(String source, int url) {
    return "http://127.0.0.1:" + server.actualPort() + "/" + source + "/" + url + "/{id}";
  }

  /** Owns an address of an event bus as a source. */
  void own(Vertx bus, String address, String source) {
    bus.eventBus()
        .<JsonObject>consumer(address, message -> handle(bus, message, source))
        .completion()
        .await();
    bus.eventBus()
        .<JsonObject>consumer(Addresses.CANCEL, message -> cancel(message.body()))
        .completion()
        .await();
  }

  private void handle(HttpServerRequest request) {
    String[] parts = request.path().split("/", -1);
    Asked asked = add(new Asked(parts[1], Integer.parseInt(parts[2]), Long.parseLong(parts[3])));
    request.response().closeHandler(closed -> asked.end(Ending.GIVEN_UP));
    decide(
        vertx,
        asked,
        how ->
            request
                .response()
                .setStatusCode(how.status)
                .putHeader("content-type", "application/json")
                .end("1"));
  }

  private void handle(Vertx bus, Message<JsonObject> message, String source) {
    Asked asked = add(new Asked(source, 0, message.body().getLong("id")));
    exchanges.put(message.headers().get(Addresses.EXCHANGE), asked);
    decide(
        bus,
        asked,
        how -> {
          if (how == Ending.OK) {
            message.reply(1);
          } else {
            message.fail(how.status, "as its seed says");
          }
        });
  }

  private void cancel(JsonObject message) {
    Asked asked = exchanges.get(message.getString(Addresses.EXCHANGE));
    if (asked != null) {
      asked.end(Ending.GIVEN_UP);
    }
  }

  private Asked add(Asked asked) {
    synchronized (all) {
      all.add(asked);
    }
    return asked;
  }

  /** Most answers come soon, some late, some never; some are none. */
  private void decide(Vertx timers, Asked asked, Consumer<Ending> answer) {
    Random random =
        new Random(seed + 31 * (asked.user + 31 * (asked.source.hashCode() + 31L * asked.url)));
    int fate = random.nextInt(100);
    if (fate < 90) {
      long delay = 1L + random.nextInt(fate < 65 ? 6 : 70);
      Ending how = fate % 9 == 0 ? Ending.FAILED : fate % 9 == 1 ? Ending.ABSENT : Ending.OK;
      timers.setTimer(
          delay,
          due -> {
            if (asked.end(how)) {
              answer.accept(how);
            }
          });
    }
  }

  /** Who asked for a source's answer about a user, in that order. */
  List<Asked> asked(String source, long user) {
    synchronized (all) {
      return all.stream().filter(one -> one.user == user && one.source.equals(source)).toList();
    }
  }

  /** How many requests there were. */
  int count() {
    synchronized (all) {
      return all.size();
    }
  }

  /** Whether it knows of each request how it ended. */
  boolean allEnded() {
    synchronized (all) {
      return all.stream().allMatch(one -> one.ending != Ending.OPEN);
    }
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
