package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes and their database under load, while one after another of them fails: how many
 * requests failed, for how long, and whether everything acknowledged is there once.
 *
 * <p>Cases that take longer run with {@code scripts/drill} alone, which sets {@code
 * rollcall.drill}.
 */
@Timeout(240)
class ClusterDrillIT {

  /** One for all cases, each of which leaves it whole. */
  private static DrillCluster cluster;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    Drill.setPatience();
    cluster = DrillCluster.start(folder, DrillSite.LOOPBACK);
  }

  @BeforeEach
  void awaitAllNodes() {
    Drill.setPatience();
    cluster.awaitWhole();
  }

  @AfterAll
  static void end() {
    cluster.close();
  }

  @Test
  void whenANodeIsKilledClientsThatRepeatOnceSeeNothingOfIt() throws Exception {
    try (DrillLoad load = Drill.load(cluster, List.of())) {
      long killed = System.nanoTime();
      cluster.node(0).kill();
      Drill.pass(Duration.ofSeconds(5));
      cluster.restart(0);
      cluster.awaitWhole();
      Drill.finish(cluster, "kill -9", load, killed);
      assertThat(load.failures()).noneMatch(Drill.laterThan(killed, Duration.ofSeconds(1)));
    }
  }

  @Test
  void nodesThatAreRestartedOneByOneCostNoRequest() throws Exception {
    try (DrillLoad load = Drill.load(cluster, List.of())) {
      long began = System.nanoTime();
      Drill.restartAll(cluster);
      load.awaitAnswers(DrillLoad.RATE);
      Drill.finish(cluster, "rolling restart", load, began);
      assertThat(load.failures()).isEmpty();
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "rollcall.drill", matches = "true")
  void aFrozenNodeIsDoneWithoutAndComesBack() throws Exception {
    try (DrillLoad load = Drill.load(cluster, cluster.management());
        EventStream feed = EventStream.open(cluster.client(0), "/users/changes?after=0")) {
      long frozen = System.nanoTime();
      cluster.node(0).freeze();
      Drill.pass(Duration.ofSeconds(20));
      long thawed = System.nanoTime();
      long fetched = cluster.fetched(0);
      cluster.node(0).thaw();
      for (int node = 0; node < DrillCluster.NODES; node++) {
        RollcallProcess each = cluster.node(node);
        await().until(() -> DrillCluster.size(each) == DrillCluster.NODES);
      }
      await().until(() -> cluster.fetched(0) > fetched);
      long position = cluster.client(1).export().changesAfter();
      await().until(() -> feed.newest() >= position);
      double back = Drill.seconds(thawed, System.nanoTime());
      load.awaitAnswers(2 * DrillLoad.RATE);
      Drill.finish(
          cluster,
          String.format(Locale.ROOT, "frozen for 20 s, back after %.1f s", back),
          load,
          frozen);
      assertThat(load.failures()).noneMatch(Drill.laterThan(frozen, Duration.ofSeconds(6)));
      assertThat(back).isLessThan(10);
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "rollcall.drill", matches = "true")
  void aDatabaseThatIsAwayForTenSecondsIsMissedAndNothingElse() throws Exception {
    try (DrillLoad load = Drill.load(cluster, List.of())) {
      cluster.stopDatabase();
      long stopped = System.nanoTime();
      Drill.pass(Duration.ofSeconds(10));
      cluster.startDatabaseAgain();
      long back = System.nanoTime();
      await().until(() -> load.lastWritten() > back);
      double recovery = Drill.seconds(back, load.lastWritten());
      load.awaitAnswers(4 * DrillLoad.RATE);
      Drill.finish(
          cluster,
          String.format(Locale.ROOT, "database away for 10 s, back after %.2f s", recovery),
          load,
          stopped);
      assertThat(load.failures())
          .isNotEmpty()
          .noneMatch(Drill.laterThan(back, Duration.ofSeconds(2)));
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "rollcall.drill", matches = "true")
  void connectionsToTheDatabaseThatAreEndedOneByOneLoseNothing() throws Exception {
    try (DrillLoad load = Drill.load(cluster, List.of())) {
      long began = System.nanoTime();
      List<Double> recoveries = new ArrayList<>();
      for (int round = 0; round < 50; round++) {
        cluster.terminateBackend();
        long ended = System.nanoTime();
        await().until(() -> load.lastWritten() > ended);
        recoveries.add(Drill.seconds(ended, load.lastWritten()));
        load.awaitAnswers(50);
      }
      double slowest = recoveries.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
      Drill.finish(
          cluster,
          String.format(Locale.ROOT, "50 connections ended, %.2f s to write again", slowest),
          load,
          began);
      assertThat(slowest).isLessThan(2);
    }
  }

  @Test
  void theFeedIsTheSameForAllWhoFollowItWhileAllNodesWrite() throws Exception {
    List<EventStream> followers = new ArrayList<>();
    try (DrillLoad load = new DrillLoad(cluster, List.of())) {
      for (int node = 0; node < DrillCluster.NODES; node++) {
        followers.add(EventStream.open(cluster.client(node), "/users/changes?after=0"));
      }
      long began = System.nanoTime();
      load.awaitAnswers(Integer.getInteger("rollcall.drill.requests", 5 * DrillLoad.RATE));
      Drill.finish(cluster, "3 writers, 3 followers", load, began);
      assertThat(load.failures()).isEmpty();
      List<String> feed = cluster.client(0).changes(0).stream().map(EventStream::summary).toList();
      for (EventStream follower : followers) {
        assertThat(follower.take(feed.size()))
            .extracting(EventStream.Event::summary)
            .isEqualTo(feed);
        assertThat(follower.rest()).isEmpty();
      }
    } finally {
      for (EventStream follower : followers) {
        follower.close();
      }
    }
  }
}
