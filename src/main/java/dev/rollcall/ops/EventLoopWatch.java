package dev.rollcall.ops;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Watches that every event loop keeps answering.
 *
 * <p>A beat runs on each loop, some times a second. How late it comes is the loop's lag; a loop
 * whose last beat is long ago is blocked. The beats are written by their loops and read by any
 * thread.
 */
public final class EventLoopWatch {

  /** A loop that has been silent for longer makes the process one to be restarted. */
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
    // Vert.x hands its event loops out in turn, so as many instances stand on as many loops.
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

  /** How long ago the loop that has been silent the longest gave its last sign. */
  public synchronized Duration longestSilence() {
    long now = System.nanoTime();
    long longest = 0;
    for (Beat beat : beats) {
      longest = Math.max(longest, now - beat.last);
    }
    return Duration.ofNanos(longest);
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
