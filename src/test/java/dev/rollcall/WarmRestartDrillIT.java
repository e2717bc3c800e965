package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What clients meet while nodes that warm up are restarted one by one: the 99th percentile of each
 * second, beside that of a minute in which nothing happens. Each node has a part of a processor, so
 * that one that warms up takes nothing from the others, as on machines of their own. Runs with
 * {@code scripts/drill warm} alone, which sets {@code rollcall.drill}.
 */
@Timeout(480)
@EnabledIfSystemProperty(named = "rollcall.drill", matches = "true")
class WarmRestartDrillIT {

  private static final int QUIET_SECONDS = 60;

  /** Until then compilers are at work, which is no quiet minute. */
  private static final int SETTLE_SECONDS = 60;

  /** What each node may use of a processor; the database and the load have the rest of two. */
  private static final int PERCENT = 45;

  /** How much slower than in the quiet minute a second may be. */
  private static final double FACTOR = 3;

  private static DrillCluster cluster;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    Drill.setPatience();
    cluster = DrillCluster.start(folder, DrillSite.LOOPBACK, WarmRestartDrillIT::asShipped);
  }

  /** With both compilers, as outside of tests. */
  private static RollcallProcess.Launch asShipped(RollcallProcess.Launch launch) {
    String quota = Path.of("scripts/drill.d/quota").toAbsolutePath().toString();
    return launch
        .by(List.of(quota, Integer.toString(PERCENT)))
        .jvm("-XX:TieredStopAtLevel=4", "-Xms128m", "-XX:NewSize=64m", "-XX:SurvivorRatio=2")
        .set("deploy.warmUp", "20s");
  }

  @AfterAll
  static void end() {
    cluster.close();
  }

  @Test
  void nodesThatWarmUpAreRestartedOneByOne() throws Exception {
    try (DrillLoad load = Drill.load(cluster, cluster.management())) {
      pass(load, SETTLE_SECONDS);
      long quiet = System.nanoTime();
      pass(load, QUIET_SECONDS);
      long began = System.nanoTime();
      Drill.restartAll(cluster);
      load.awaitAnswers(5 * DrillLoad.RATE);
      long over = System.nanoTime();
      double usual = load.latencies().p99(quiet, began);
      double[] seconds = load.latencies().p99BySecond(began, over);
      System.out.println("p99 of each second, ms: " + show(seconds));
      double[] sorted = Arrays.stream(seconds).sorted().toArray();
      Drill.finish(
          cluster,
          String.format(
              Locale.ROOT,
              "rolling restart with warm-up: p99 of a quiet minute %.1f ms; of %d seconds %.1f ms"
                  + " in the middle, %.1f ms at worst, %d beyond %.0f times the quiet one",
              usual,
              seconds.length,
              sorted[sorted.length / 2],
              sorted[sorted.length - 1],
              Arrays.stream(seconds).filter(each -> each > FACTOR * usual).count(),
              FACTOR),
          load,
          began);
      assertThat(load.failures()).isEmpty();
    }
  }

  /** Within the patience of {@link Drill}. */
  private static void pass(DrillLoad load, int seconds) {
    for (int i = 0; i < seconds; i += 20) {
      load.awaitAnswers(20 * DrillLoad.RATE);
    }
  }

  private static String show(double[] millis) {
    return Arrays.stream(millis)
        .mapToObj(each -> String.format(Locale.ROOT, "%.1f", each))
        .collect(Collectors.joining(" "));
  }
}
