package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** What all drills do: load a cluster, let time pass, tell what came of it. */
final class Drill {

  private Drill() {}

  static void setPatience() {
    Awaitility.setDefaultPollInterval(Duration.ofMillis(20));
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
  }

  /**
   * A load under which all is well so far.
   *
   * @param checkedAt as {@link DrillLoad} has it
   */
  static DrillLoad load(DrillCluster cluster, List<URI> checkedAt) {
    DrillLoad load = new DrillLoad(cluster, checkedAt);
    load.awaitAnswers(2 * DrillLoad.RATE);
    assertThat(load.failures()).as("before anything happens").isEmpty();
    return load;
  }

  /** Has one node after the other end as it should, start again and be one of all. */
  static void restartAll(DrillCluster cluster) throws Exception {
    for (int node = 0; node < DrillCluster.NODES; node++) {
      cluster.node(node).terminate();
      assertThat(cluster.node(node).awaitExit()).isZero();
      cluster.restart(node);
      cluster.awaitWhole();
    }
  }

  static void pass(Duration time) {
    long from = System.nanoTime();
    await().until(() -> System.nanoTime() - from > time.toNanos());
  }

  static double seconds(long from, long to) {
    return (to - from) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  /**
   * Ends a load, says what came of it, and holds all nodes to what was acknowledged.
   *
   * @param what the case, for the line that is printed
   * @param since when it began
   */
  static void finish(DrillCluster cluster, String what, DrillLoad load, long since) {
    DrillLedger ledger = load.stop();
    System.out.printf(
        Locale.ROOT,
        "drill: %s: %d answered, %s; %s%n",
        what,
        load.answered(),
        failures(load, since),
        ledger.summary());
    if (!load.failures().isEmpty()) {
      cluster.warnings().forEach(System.out::println);
    }
    assertThat(load.wrong()).isEmpty();
    ledger.check(IntStream.range(0, DrillCluster.NODES).mapToObj(cluster::client).toList());
  }

  private static String failures(DrillLoad load, long since) {
    List<DrillLoad.Failed> all = load.failures();
    if (all.isEmpty()) {
      return "0 failed";
    }
    return String.format(
        Locale.ROOT,
        "%d failed, the last %.2f s after (%s)",
        all.size(),
        seconds(since, all.get(all.size() - 1).at()),
        all.get(0).what());
  }

  static Predicate<DrillLoad.Failed> laterThan(long since, Duration time) {
    return failed -> failed.at() - since > time.toNanos();
  }
}
