package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
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
 * A cluster in two parts: nodes that do not hear each other, though each hears its clients and the
 * database. Runs with {@code scripts/drill split} alone, which puts it into a network of its own
 * and sets {@code rollcall.drill}.
 */
@Timeout(240)
@EnabledIfSystemProperty(named = "rollcall.drill", matches = "split")
class SplitDrillIT {

  private static final DrillSite SITE = DrillSite.NAMESPACES;

  /** The node without sources of its own. */
  private static final int LAST = DrillCluster.NODES - 1;

  private static DrillCluster cluster;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    Drill.setPatience();
    cluster = DrillCluster.start(folder, SITE);
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
  void bothPartsServeOnAndAgreeAfterwards() throws Exception {
    try (DrillLoad load = Drill.load(cluster, List.of())) {
      long cut = System.nanoTime();
      SITE.cut(0);
      cluster.awaitSize(0, 1);
      cluster.awaitSize(1, 2);
      cluster.awaitSize(LAST, 2);
      double noticed = Drill.seconds(cut, System.nanoTime());
      Drill.pass(Duration.ofSeconds(30).minusNanos(System.nanoTime() - cut));
      long healed = System.nanoTime();
      SITE.heal(0);
      for (int node = 0; node < DrillCluster.NODES; node++) {
        cluster.awaitSize(node, DrillCluster.NODES);
      }
      double whole = Drill.seconds(healed, System.nanoTime());
      load.awaitAnswers(2 * DrillLoad.RATE);
      String what =
          String.format(
              Locale.ROOT,
              "split for 30 s, noticed after %.1f s, whole after %.1f s",
              noticed,
              whole);
      Drill.finish(cluster, what, load, cut);
      // The parts become one before all their connections are there again, so that a question to
      // the other part may be lost just then, and is answered at its deadline of 3 s.
      assertThat(load.failures())
          .noneMatch(failed -> failed.at() < healed)
          .noneMatch(Drill.laterThan(healed, Duration.ofSeconds(20)));
      assertThat(whole).isLessThan(15);
    }
    // Without a load each fetches for nobody but the node that has no sources.
    for (int node = 0; node < LAST; node++) {
      int owner = node;
      long fetched = cluster.fetched(owner);
      await().until(() -> view().statusCode() == 200 && cluster.fetched(owner) > fetched);
    }
  }

  @Test
  void aPartThatLacksASourceSaysSoAndServesUsers() throws Exception {
    cluster.client(0).sendJson("PUT", "/users/1", "{\"name\":\"Alice\"}");
    await().until(() -> view().statusCode() == 200);
    SITE.cut(LAST);
    cluster.awaitSize(LAST, 1);
    cluster.awaitSize(0, 2);
    // What was asked of a node that was just about to be missed is answered at its deadline.
    await().until(() -> view().statusCode() == 502);
    assertThat(view().body()).contains("no handler");
    RollcallClient alone = cluster.client(LAST);
    assertThat(alone.sendJson("PUT", "/users/1", "{\"name\":\"Alicia\"}").statusCode())
        .isEqualTo(200);
    assertThat(cluster.client(0).send("GET", "/users/1").body()).contains("Alicia");
    SITE.heal(LAST);
    long healed = System.nanoTime();
    await().until(() -> view().statusCode() == 200);
    System.out.printf(
        Locale.ROOT,
        "drill: split without the source: 502 no handler for its view, users served; its view back"
            + " after %.1f s%n",
        Drill.seconds(healed, System.nanoTime()));
  }

  private static HttpResponse<String> view() {
    return cluster.client(LAST).send("GET", "/users/1/views/fast");
  }
}
