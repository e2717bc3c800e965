package dev.rollcall.store.postgres;

import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.users.Change;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.ChangeSignal;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The feed of three nodes on one database, while all of them write. */
@Tag("slow")
class PostgresFeedTest {

  private static final int NODES = 3;
  private static final int WRITES = 1500;

  private final Vertx vertx = Vertx.vertx();
  private final List<PostgresStore> nodes = new ArrayList<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(2 * NODES);

  @BeforeEach
  void startNodes() {
    PostgresServer.empty();
    for (int i = 0; i < NODES; i++) {
      nodes.add(PostgresServer.store(vertx, PostgresServer.settings()));
    }
  }

  @AfterEach
  void stopNodes() {
    threads.shutdownNow();
    nodes.forEach(PostgresStore::close);
    await(vertx.close());
  }

  private static UserWrite put(long id, String name) {
    return new UserWrite.Put(id, new UserDraft(null, name, null, "{}"), Precondition.NONE, null);
  }

  /** Reads at one node, over and over, from where it had come to; a late commit would be missed. */
  private static List<Change> follow(PostgresStore node, int until) {
    List<Change> seen = new ArrayList<>();
    long next = 0;
    while (seen.size() < until) {
      ChangePage page = await(node.changes(next, 50, new Cancellation()));
      seen.addAll(page.items());
      next = page.next();
      assertThat(node.position()).isGreaterThanOrEqualTo(next);
    }
    return seen;
  }

  /** Writes at one node, a few at once, and gives the seqs that were acknowledged. */
  private static List<Long> write(PostgresStore node, int number) {
    Random random = new Random(number);
    List<Long> seqs = new ArrayList<>();
    while (seqs.size() < WRITES) {
      List<Future<Long>> some = new ArrayList<>();
      int count = Math.min(1 + random.nextInt(20), WRITES - seqs.size());
      for (int i = 0; i < count; i++) {
        String name = String.format(Locale.ROOT, "N%d W%d", number, seqs.size() + i);
        some.add(
            node.write(put(1 + random.nextInt(40), name)).map(outcome -> outcome.user().seq()));
      }
      some.forEach(each -> seqs.add(await(each)));
    }
    return seqs;
  }

  @Test
  void everyReaderOfEveryNodeSeesEachChangeOnceAndInOneOrder() throws Exception {
    List<Callable<List<Change>>> readers = new ArrayList<>();
    List<Callable<List<Long>>> writers = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      PostgresStore node = nodes.get(i);
      int number = i;
      readers.add(() -> follow(node, NODES * WRITES));
      writers.add(() -> write(node, number));
    }
    List<java.util.concurrent.Future<List<Change>>> reading =
        readers.stream().map(threads::submit).toList();
    List<java.util.concurrent.Future<List<Long>>> writing =
        writers.stream().map(threads::submit).toList();

    List<Long> acknowledged = new ArrayList<>();
    for (var writer : writing) {
      acknowledged.addAll(writer.get(60, TimeUnit.SECONDS));
    }
    List<Long> sorted = acknowledged.stream().sorted().toList();
    assertThat(sorted).doesNotHaveDuplicates().hasSize(NODES * WRITES);
    for (var reader : reading) {
      List<Change> seen = reader.get(60, TimeUnit.SECONDS);
      assertThat(seen).extracting(Change::seq).isEqualTo(sorted);
    }
  }

  @Test
  void aWriteAtOneNodeWakesTheReadersOfTheOthers() throws InterruptedException {
    Semaphore fired = new Semaphore(0);
    try (ChangeSignal.Subscription there = nodes.get(1).signal().subscribe(fired::release);
        ChangeSignal.Subscription alsoThere = nodes.get(2).signal().subscribe(fired::release)) {
      long seq = await(nodes.get(0).write(put(1, "A"))).user().seq();
      assertThat(fired.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();
      assertThat(nodes.get(1).position()).isEqualTo(seq);
      assertThat(nodes.get(2).position()).isEqualTo(seq);
      assertThat(there).isNotSameAs(alsoThere);
    }
  }

  @Test
  void oneNodePrunesForAllAndAllSaySo() {
    await(nodes.get(0).write(put(1, "A")));
    long last = await(nodes.get(1).write(put(2, "B"))).user().seq();
    PostgresServer.execute("UPDATE changes SET at = 0");
    // A node that begins prunes at once, and again when it is due.
    try (PostgresStore another = PostgresServer.store(vertx, PostgresServer.settings())) {
      Awaitility.await()
          .until(
              () ->
                  PostgresServer.number(PostgresServer.uri(), "SELECT count(*) FROM changes") == 0);
      assertThat(await(another.changes(last, 10, new Cancellation())).items()).isEmpty();
    }
    for (PostgresStore node : nodes) {
      assertThat(failureOf(node.changes(last - 1, 10, new Cancellation())).kind())
          .isEqualTo(Failure.Kind.GONE);
    }
  }
}
