package dev.rollcall;

import dev.rollcall.base.OutOfMemory;
import dev.rollcall.config.Settings;
import dev.rollcall.ops.MutedThreads;
import dev.rollcall.warmup.RateLevel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process does before it is ready, so that the JVM has compiled what requests take: it
 * starts a private copy of itself, with the same classes on as many event loops, and loads it until
 * the rate has levelled off, the time is over, or the process ends.
 *
 * <p>The copy has its own Vert.x, store, sources, ports of 127.0.0.1, meters and limits, and says
 * nothing in the log. What goes wrong in it is one warning.
 */
@SuppressWarnings("try") // Nobody interrupts its thread, and threads are muted by being there.
final class WarmUp {

  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /**
   * How many requests the first copy answers: enough for what they take to be observed, and too few
   * for it to be optimised by what was observed.
   */
  private static final long FIRST_LIFE = 2_000;

  private static final long LOOK_MILLIS = 20;

  /**
   * From this share of a processor on the compiler is what takes time, and further requests would
   * take it from the compiler. With the pause there are some thousands a second, enough for the
   * compiler to find what is hot.
   */
  private static final double COMPILER_BUSY = 0.4;

  private static final long PAUSE_MILLIS = 4;

  private enum End {
    LEVELLED("the rate has levelled off"),
    OVER("the time was over first"),
    SIGNAL("the process is to end");

    private final String words;

    End(String words) {
      this.words = words;
    }
  }

  private final Settings settings;
  private final ThreadGroup group = new ThreadGroup("warm-up");
  private final long startedAt = System.nanoTime();
  private final RateLevel level = new RateLevel();
  private final CountDownLatch ending = new CountDownLatch(1);

  private WarmUp(Settings settings) {
    this.settings = settings;
  }

  /**
   * Warms up for {@code deploy.warmUp} at most and the moment that clearing up takes.
   *
   * @return never fails; completes on an event loop
   */
  static Future<Void> run(Vertx vertx, Settings settings) {
    WarmUp warmUp = new WarmUp(settings);
    Promise<Void> over = Promise.promise();
    // Threads are of the group of the one that starts them: all of the copy's are known by it.
    Thread thread =
        new Thread(
            warmUp.group,
            () -> {
              Runnable outcome = warmUp.run();
              vertx.runOnContext(
                  back -> {
                    outcome.run();
                    over.complete();
                  });
            },
            "warm-up");
    thread.setDaemon(true);
    thread.start();
    return over.future();
  }

  /** Does all of it, and gives what is to be logged, which this thread can't. */
  private Runnable run() {
    Thread hook = new Thread(ending::countDown, "warm-up-end");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      return () -> {}; // The process ends already.
    }
    try (MutedThreads muted = new MutedThreads(group)) {
      liveOnce();
      try (WarmUpCopy copy = new WarmUpCopy(settings)) {
        copy.open();
        End end = watch(copy);
        return outcome(end, copy.fault());
      }
    } catch (Throwable e) {
      OutOfMemory.heed(e);
      return () -> LOG.warn("the warm-up failed, and the start goes on: {}", e.toString());
    } finally {
      remove(hook);
    }
  }

  /**
   * Has a first copy live from its start to its end within a part of the time. What a compiler has
   * never seen a method do, such as to close a connection, it leaves out, and throws the compiled
   * method away when it happens: the end of the only copy would undo what it was for.
   */
  @SuppressWarnings("try") // Nobody interrupts this thread.
  private void liveOnce() throws Exception {
    try (WarmUpCopy copy = new WarmUpCopy(settings)) {
      copy.open();
      long over = startedAt + settings.deploy().warmUp().toNanos() / 4;
      while (copy.answers() < FIRST_LIFE && System.nanoTime() < over) {
        if (ending.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    }
  }

  private Runnable outcome(End end, Optional<String> fault) {
    String seconds =
        String.format(Locale.ROOT, "%.1f", (System.nanoTime() - startedAt) / (double) SECOND);
    return () -> {
      LOG.info(
          "Warmed up for {} s: {}; {} requests a second at first, {} at last",
          seconds,
          end.words,
          level.first(),
          level.last());
      fault.ifPresent(what -> LOG.warn("in the warm-up, {}", what));
    };
  }

  /** Measures second after second until it ends. */
  private End watch(WarmUpCopy copy) throws InterruptedException {
    long over = startedAt + settings.deploy().warmUp().toNanos();
    long before = System.nanoTime();
    long answers = copy.answers();
    long compiled = compiledMillis();
    while (true) {
      long left = over - System.nanoTime();
      if (left <= 0) {
        return End.OVER;
      }
      if (ending.await(Math.min(SECOND, left), TimeUnit.NANOSECONDS)) {
        return End.SIGNAL;
      }
      long now = System.nanoTime();
      long answered = copy.answers();
      long compiledNow = compiledMillis();
      double seconds = (now - before) / (double) SECOND;
      double compiling = (compiledNow - compiled) / 1000.0 / seconds;
      level.add((answered - answers) / seconds, compiling);
      copy.pauseBetween(compiling > COMPILER_BUSY ? PAUSE_MILLIS : 0);
      if (level.levelled()) {
        return End.LEVELLED;
      }
      before = now;
      answers = answered;
      compiled = compiledNow;
    }
  }

  /** For how long the JVM has compiled so far; 0 where it does not say. */
  private static long compiledMillis() {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    return compiler != null && compiler.isCompilationTimeMonitoringSupported()
        ? compiler.getTotalCompilationTime()
        : 0;
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException endingAlready) {
      // It has done what it was for.
    }
  }
}
