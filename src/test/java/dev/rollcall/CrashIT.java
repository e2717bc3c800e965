package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rollcall is killed at a random moment under load, again and again on the same file, and what it
 * acknowledged is held to what is there afterwards.
 *
 * <p>{@code rollcall.crash.rounds} says how often, {@code rollcall.crash.seed} repeats the choices
 * of an earlier run; the scheduling of threads stays the machine's.
 */
class CrashIT {

  private static final int WRITERS = 64;

  @TempDir Path folder;

  private final int rounds = Integer.getInteger("rollcall.crash.rounds", 3);
  private final long seed = seed(System.getProperty("rollcall.crash.seed", ""));
  private final Random random = new Random(seed);
  private final CrashImporter importer = new CrashImporter();
  private final List<CrashWriter> writers =
      IntStream.range(0, WRITERS).mapToObj(number -> new CrashWriter(number, seed)).toList();

  /** The newest change that a round before has checked. */
  private long checkedUpTo;

  private static long seed(String given) {
    return given.isBlank() ? System.nanoTime() : Long.parseLong(given);
  }

  private static void say(String text) {
    System.out.println("crash: " + text);
  }

  @Test
  void whatWasAcknowledgedOutlivesEveryKill() throws Exception {
    say(
        String.format(
            Locale.ROOT, "%d rounds, %d writers and an import, seed %d", rounds, WRITERS, seed));
    RollcallProcess running = start();
    try {
      raiseAssignedIds(running.client());
      for (int round = 1; round <= rounds; round++) {
        long began = System.nanoTime();
        String load = loadAndKill(running);
        String startKill = random.nextInt(4) == 0 ? killWhileStarting() : "";
        double loaded = secondsSince(began);
        running = start();
        double started = secondsSince(began) - loaded;
        String checked = check(running.client());
        say(
            String.format(
                Locale.ROOT,
                "round %d of %d: %s%s; %s; %.1f s, of which %.1f s to be ready again",
                round,
                rounds,
                load,
                startKill,
                checked,
                secondsSince(began),
                started));
      }
      running.kill();
      say("the file: " + checkFile());
    } finally {
      running.close();
    }
  }

  private static double secondsSince(long nanoTime) {
    return (System.nanoTime() - nanoTime) / 1e9;
  }

  /** Past all ids that our clients bring, so that an assigned one is never one of theirs. */
  private static void raiseAssignedIds(RollcallClient client) {
    String user = "/users/3000000";
    assertThat(client.sendJson("PUT", user, "{\"name\":\"Highest\"}").statusCode()).isEqualTo(201);
    assertThat(client.send("DELETE", user).statusCode()).isEqualTo(204);
  }

  private RollcallProcess start() {
    return RollcallProcess.in(folder).set("log.access", "false").start();
  }

  private String loadAndKill(RollcallProcess running) throws Exception {
    RollcallClient client = running.client();
    AtomicBoolean killed = new AtomicBoolean();
    AtomicBoolean atAnswer = new AtomicBoolean();
    AtomicInteger acknowledged = new AtomicInteger();
    AtomicInteger imports = new AtomicInteger();
    CountDownLatch underWay = new CountDownLatch(WRITERS);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (CrashWriter writer : writers) {
      all.add(
          writer.run(
              client,
              killed::get,
              () -> {
                acknowledged.incrementAndGet();
                underWay.countDown();
                if (atAnswer.get() && killed.compareAndSet(false, true)) {
                  running.kill();
                }
              }));
    }
    all.add(importer.run(client, killed::get, imports::incrementAndGet));
    assertThat(underWay.await(60, TimeUnit.SECONDS)).as("writers are under way").isTrue();
    int millis = random.nextInt(1000);
    LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    boolean sharp = random.nextBoolean();
    if (sharp) {
      // The moment at which an answer that was given too early is not yet made good.
      atAnswer.set(true);
      running.awaitExit();
    } else {
      killed.set(true);
      running.kill();
    }
    for (CompletableFuture<Void> one : all) {
      one.get(30, TimeUnit.SECONDS);
    }
    long unknown = writers.stream().filter(CrashWriter::hasUnknown).count();
    return String.format(
        Locale.ROOT,
        "killed after %d ms%s, acknowledged %d and %d imports, unknown %d%s",
        millis,
        sharp ? " at an answer" : "",
        acknowledged.get(),
        imports.get(),
        unknown,
        importer.hasUnknown() ? " and an import" : "");
  }

  /** A start finds the log of the crash before it, and may be cut while it works on that. */
  private String killWhileStarting() {
    int millis = random.nextInt(800);
    try (RollcallProcess starting =
        RollcallProcess.in(folder).set("log.access", "false").launch()) {
      LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
      starting.kill();
    }
    return String.format(Locale.ROOT, ", and again %d ms into the next start", millis);
  }

  private String check(RollcallClient client) throws InterruptedException {
    FeedReplay feed = FeedReplay.of(client.changes(0));
    SortedMap<Long, JsonNode> export = client.export().users();
    feed.assertGives(export);
    writers.forEach(writer -> writer.settle(feed));
    Set<Long> expected = new HashSet<>(importer.settle(feed));
    writers.forEach(writer -> writer.ids().forEach(expected::add));
    assertThat(expected).as("ids that somebody asked for").containsAll(export.keySet());
    int rows = checkRows(client, feed);
    checkedUpTo = feed.seq();

    int done = writers.stream().mapToInt(writer -> writer.repeat(client)).sum();
    assertThat(client.changes(feed.seq()).size()).as("changes by repetition").isEqualTo(done);
    return String.format(
        Locale.ROOT,
        "checked %d users, %d changes, %d rows by themselves",
        export.size(),
        feed.changes(),
        rows);
  }

  /** Each row that changed since the last check has the seq and the content of its last change. */
  private int checkRows(RollcallClient client, FeedReplay feed) throws InterruptedException {
    Semaphore permits = new Semaphore(16);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (var entry : feed.users().entrySet()) {
      if (entry.getValue().seq() > checkedUpTo) {
        permits.acquire();
        all.add(
            client
                .sendAsync(client.jsonRequest("GET", "/users/" + entry.getKey(), null))
                .whenComplete((answer, fault) -> permits.release())
                .thenAccept(answer -> checkRow(answer, entry.getValue())));
      }
    }
    all.forEach(CompletableFuture::join);
    return all.size();
  }

  private static void checkRow(HttpResponse<String> answer, FeedReplay.Row row) {
    assertThat(answer.statusCode()).as("%s: %s", row, answer.body()).isEqualTo(200);
    assertThat(RollcallClient.json(answer)).isEqualTo(row.user());
    assertThat(RollcallClient.seq(answer)).isEqualTo(row.seq());
  }

  /** The file itself, once nobody has it open. */
  private String checkFile() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("rollcall.db"));
        Statement statement = connection.createStatement()) {
      assertThat(text(statement, "PRAGMA integrity_check")).isEqualTo("ok");
      assertThat(
              text(
                  statement,
                  "SELECT count(*) FROM users u WHERE NOT EXISTS (SELECT 1 FROM changes c WHERE"
                      + " c.seq = u.seq AND c.id = u.id AND c.version = u.version"
                      + " AND c.user IS NOT NULL)"))
          .as("users without their last change")
          .isEqualTo("0");
      assertThat(
              text(
                  statement,
                  "SELECT count(*) FROM users u JOIN changes c USING (id) WHERE c.seq > u.seq"))
          .as("changes behind the user that they left")
          .isEqualTo("0");
      return "integrity ok, %s users, %s changes"
          .formatted(
              text(statement, "SELECT count(*) FROM users"),
              text(statement, "SELECT count(*) FROM changes"));
    }
  }

  private static String text(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      return row.getString(1);
    }
  }
}
