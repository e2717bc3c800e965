package dev.rollcall.views;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A service whose answers come late, fail or never come, as a seed says, and that remembers when it
 * was asked and when it answered. Its paths are {@code /<source>/<url>/<user>}.
 */
final class SeededUpstream implements AutoCloseable {

  /** What became of a request. */
  enum Ending {
    OPEN,
    ANSWERED,
    FAILED,
    GIVEN_UP
  }

  /** A request. Times are on the clock of {@link System#nanoTime()}. */
  static final class Asked {
    final String source;
    final int url;
    final long user;
    final long began = System.nanoTime();
    volatile long ended;
    volatile Ending ending = Ending.OPEN;

    private Asked(String path) {
      String[] parts = path.split("/", -1);
      source = parts[1];
      url = Integer.parseInt(parts[2]);
      user = Long.parseLong(parts[3]);
    }

    private void end(Ending how) {
      if (ending == Ending.OPEN) {
        ended = System.nanoTime();
        ending = how;
      }
    }

    @Override
    public String toString() {
      return source + "/" + url + "/" + user + " " + ending;
    }
  }

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
  private final List<Asked> all = new ArrayList<>();
  private final Random random;
  private final HttpServer server;

  SeededUpstream(long seed) {
    random = new Random(seed);
    server = vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1").await();
  }

  String url(String source, int url) {
    return "http://127.0.0.1:" + server.actualPort() + "/" + source + "/" + url + "/{id}";
  }

  private void handle(HttpServerRequest request) {
    Asked asked = new Asked(request.path());
    synchronized (all) {
      all.add(asked);
    }
    request.response().closeHandler(closed -> asked.end(Ending.GIVEN_UP));
    int fate = random.nextInt(100);
    if (fate < 85) {
      long delay = 1L + random.nextInt(fate < 50 ? 5 : 80);
      vertx.setTimer(delay, due -> answer(asked, request, fate % 8 == 0));
    }
  }

  private static void answer(Asked asked, HttpServerRequest request, boolean fails) {
    if (asked.ending == Ending.OPEN) {
      asked.end(fails ? Ending.FAILED : Ending.ANSWERED);
      request
          .response()
          .setStatusCode(fails ? 500 : 200)
          .putHeader("content-type", "application/json")
          .end("1");
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
