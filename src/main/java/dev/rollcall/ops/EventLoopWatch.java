package dev.rollcall.ops;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Watches that every event loop keeps running, by a beat on each, five times a second. How late it
 * comes is the loop's lag; a loop whose last beat is long ago is blocked. Safe for use by all
 * threads.
 */
public final class EventLoopWatch {

  /** After a longer silence of a loop the process should be restarted. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final long PERIOD_MILLIS = 200;

  private final List<Beat> beats = new ArrayList<>();

  private EventLoopWatch() {}

  /**
   * Places a beat on each event loop.
   *
   * @param loops how many event loops there are
   */
  public static Future<EventLoopWatch> deploy(Vertx vertx, int loops, MeterRegistry registry) {
    EventLoopWatch watch = new EventLoopWatch();
    Timer lag =
        Timer.builder("rollcall.eventloop.lag")
            .description("How late a timer of an event loop runs")
            .serviceLevelObjectives(
                Duration.ofMillis(2),
                Duration.ofMillis(10),
                Duration.ofMillis(50),
                Duration.ofMillis(250),
                Duration.ofSeconds(1))
            .register(registry);
    // Vert.x assigns its event loops in turn, so that each gets one instance.
    return vertx
        .deployVerticle(() -> watch.beat(lag), new DeploymentOptions().setInstances(loops))
        .map(watch);
  }

  private synchronized Beat beat(Timer lag) {
    Beat beat = new Beat(lag);
    beats.add(beat);
    return beat;
  }

  /** Whether all event loops answered within {@link #PATIENCE}. */
  public boolean allAnswer() {
    return longestSilence().compareTo(PATIENCE) <= 0;
  }

  /** How long ago the last beat was of the loop that has been silent the longest. */
  public synchronized Duration longestSilence() {
    long now = System.nanoTime();
    long longest = 0;
    for (Beat beat : beats) {
      longest = Math.max(longest, now - beat.last);
    }
    return Duration.ofNanos(longest);
  }

  /** Whether the process lives, as the port for operators answers it. */
  OperatorAnswer answer() {
    boolean alive = allAnswer();
    JsonObject body =
        new JsonObject()
            .put("status", alive ? "up" : "down")
            .put("longestSilenceMs", longestSilence().toMillis());
    return OperatorAnswer.json(alive ? 200 : 503, body);
  }

  private static final class Beat extends VerticleBase {
    private final Timer lag;
    private volatile long last = System.nanoTime();

    private Beat(Timer lag) {
      this.lag = lag;
    }

    @Override
    public Future<?> start() {
      last = System.nanoTime();
      vertx.setPeriodic(PERIOD_MILLIS, timer -> beat());
      return Future.succeededFuture();
    }

    private void beat() {
      long now = System.nanoTime();
      long late = now - last - TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS);
      last = now;
      lag.record(Math.max(0, late), TimeUnit.NANOSECONDS);
    }
  }
}
