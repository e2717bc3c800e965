package dev.rollcall.store.postgres;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.users.Change;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.User;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.UserWrite;
import dev.rollcall.wire.StrictJson;
import io.vertx.core.Vertx;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database that is stopped and comes back, and connections that it ends, under load from two
 * nodes: clear failures, quick recovery, nothing acknowledged lost, nothing written twice.
 */
class PostgresOutageIT {

  private static final int NODES = 2;
  private static final int WRITERS = 16;
  private static final long OUTAGE_SECONDS = 10;
  private static final long RECOVERY_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** A write that failed, and when. */
  private record Failed(long at, String detail) {}

  private @TempDir Path folder = Path.of("");
  private final Vertx vertx = Vertx.vertx();
  private final List<PostgresStore> nodes = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicBoolean loaded = new AtomicBoolean(true);
  private final AtomicLong names = new AtomicLong();

  /** What was acknowledged: names, by the seqs that they were told. */
  private final Map<Long, String> acknowledged = new ConcurrentHashMap<>();

  private final Set<String> unknown = ConcurrentHashMap.newKeySet();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final Queue<Failed> failures = new ConcurrentLinkedQueue<>();
  private final Queue<String> odd = new ConcurrentLinkedQueue<>();
  private final AtomicLong lastWritten = new AtomicLong();

  /** When each node last could read, and last could not. */
  private final AtomicLongArray lastRead = new AtomicLongArray(NODES);

  private final AtomicLongArray lastUnread = new AtomicLongArray(NODES);
  private final AtomicLong slowest = new AtomicLong();
  private @Nullable EmbeddedPostgres running;

  private EmbeddedPostgres server() {
    return Objects.requireNonNull(running);
  }

  @BeforeEach
  void start() throws IOException {
    running = startServer(0);
    for (int i = 0; i < NODES; i++) {
      nodes.add(PostgresServer.store(vertx, PostgresServer.settings(uri())));
    }
    for (int i = 0; i < WRITERS; i++) {
      PostgresStore node = nodes.get(i % nodes.size());
      threads.add(new Thread(() -> write(node), "writing " + i));
    }
    for (int i = 0; i < NODES; i++) {
      int node = i;
      threads.add(new Thread(() -> read(node), "reading " + i));
    }
    threads.forEach(Thread::start);
  }

  /** It waits for the disk, as servers do unless tests tell them not to. */
  private EmbeddedPostgres startServer(int port) throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setDataDirectory(folder.resolve("data"))
            .setCleanDataDirectory(false);
    return (port == 0 ? builder : builder.setPort(port)).start();
  }

  private String uri() {
    return "postgresql://postgres:postgres@127.0.0.1:" + server().getPort() + "/postgres";
  }

  @AfterEach
  void stop() throws IOException {
    loaded.set(false);
    nodes.forEach(PostgresStore::close);
    await(vertx.close());
    server().close();
  }

  private void write(PostgresStore node) {
    while (loaded.get()) {
      String name = "N" + names.incrementAndGet();
      UUID op = UUID.randomUUID();
      long start = System.nanoTime();
      try {
        UserDraft draft = new UserDraft(null, name, null, "{}");
        User user = await(node.write(new UserWrite.Create(draft, op))).user();
        acknowledged.put(user.seq(), user.name());
        lastWritten.set(System.nanoTime());
      } catch (Failure e) {
        note(name, e);
        // As a client would wait before it comes back, so that this thread leaves some processor.
        pause();
      }
      slowest.accumulateAndGet(System.nanoTime() - start, Math::max);
    }
  }

  private void note(String name, Failure failure) {
    failures.add(new Failed(System.nanoTime(), failure.detail()));
    if (failure.kind() != Failure.Kind.UNAVAILABLE) {
      odd.add(failure.toString());
    } else if (failure.detail().startsWith("outcome-unknown: ")) {
      unknown.add(name);
    } else if (failure.detail().startsWith("not written: ")) {
      refused.add(name);
    } else {
      odd.add(failure.detail());
    }
  }

  private void read(int node) {
    while (loaded.get()) {
      long start = System.nanoTime();
      try {
        await(nodes.get(node).find(1, new Cancellation()));
        lastRead.set(node, System.nanoTime());
      } catch (Failure e) {
        if (e.kind() != Failure.Kind.UNAVAILABLE
            || !e.detail().startsWith("the store can't be read: ")) {
          odd.add(e.toString());
        }
        lastUnread.set(node, System.nanoTime());
        pause();
      }
      slowest.accumulateAndGet(System.nanoTime() - start, Math::max);
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitWrites(int more) {
    int before = acknowledged.size();
    Awaitility.await()
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> acknowledged.size() > before + more);
  }

  @Test
  void aServerThatIsStoppedAndStartedAgainCostsNothingButTime() throws Exception {
    awaitWrites(500);
    int port = server().getPort();
    long stopped = System.nanoTime();
    server().close();
    Awaitility.await()
        .atMost(2 * OUTAGE_SECONDS, TimeUnit.SECONDS)
        .until(
            () ->
                System.nanoTime() - stopped > TimeUnit.SECONDS.toNanos(OUTAGE_SECONDS)
                    && !failures.isEmpty());
    int during = failures.size();
    running = startServer(port);
    long back = System.nanoTime();
    awaitRecovery(back);
    long recovered = System.nanoTime();
    awaitWrites(500);
    endAndCheck();
    for (int node = 0; node < NODES; node++) {
      assertThat(lastUnread.get(node) - recovered)
          .as("how much later than node %d could read it could not", node)
          .isNegative();
    }
    assertThat(during).as("failures meanwhile").isGreaterThan(100);
    System.out.println(
        String.format(
            Locale.ROOT,
            "outage: %d acknowledged, %d not written, %d unknown, slowest answer %d ms",
            acknowledged.size(),
            refused.size(),
            unknown.size(),
            TimeUnit.NANOSECONDS.toMillis(slowest.get())));
  }

  private void awaitRecovery(long back) {
    Awaitility.await()
        .atMost(10, TimeUnit.SECONDS)
        .pollInterval(5, TimeUnit.MILLISECONDS)
        .until(
            () ->
                lastWritten.get() > back
                    && IntStream.range(0, NODES).allMatch(node -> lastRead.get(node) > back));
    assertThat(System.nanoTime() - back)
        .as("until writes and reads work")
        .isLessThan(RECOVERY_NANOS);
  }

  @Test
  void connectionsThatAreEndedUnderLoadCostNothingAcknowledged() throws Exception {
    awaitWrites(500);
    for (int round = 0; round < 20; round++) {
      PostgresServer.execute(
          uri(),
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name = 'rollcall' AND pid <> pg_backend_pid()");
      awaitRecovery(System.nanoTime());
      awaitWrites(50);
    }
    endAndCheck();
    System.out.println(
        String.format(
            Locale.ROOT,
            "killed: %d acknowledged, %d not written, %d unknown",
            acknowledged.size(),
            refused.size(),
            unknown.size()));
  }

  private void endAndCheck() throws InterruptedException {
    loaded.set(false);
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(30));
      assertThat(thread.isAlive()).isFalse();
    }
    assertThat(odd).isEmpty();
    assertThat(slowest.get()).as("the slowest answer").isLessThan(TimeUnit.SECONDS.toNanos(8));

    Map<Long, String> created = new TreeMap<>();
    for (Change change : feed(nodes.get(1))) {
      assertThat(change.kind()).isEqualTo(Change.Kind.CREATED);
      created.put(change.seq(), nameOf(change));
    }
    List<User> users = users(nodes.get(0));
    assertThat(users).hasSameSizeAs(created.values());
    assertThat(users).extracting(User::name).containsExactlyInAnyOrderElementsOf(created.values());
    assertThat(created.values()).as("written twice").doesNotHaveDuplicates();
    assertThat(created).as("acknowledged").containsAllEntriesOf(acknowledged);
    Set<String> others = new HashSet<>(created.values());
    others.removeAll(acknowledged.values());
    assertThat(unknown).as("neither acknowledged nor unknown").containsAll(others);
    assertThat(refused).as("said not to be written").doesNotContainAnyElementsOf(created.values());
  }

  private static String nameOf(Change change) {
    return StrictJson.read(String.valueOf(change.user())).get("name").textValue();
  }

  private static List<Change> feed(PostgresStore store) {
    List<Change> all = new ArrayList<>();
    ChangePage page = await(store.changes(0, 1000, new Cancellation()));
    while (!page.items().isEmpty()) {
      all.addAll(page.items());
      page = await(store.changes(page.next(), 1000, new Cancellation()));
    }
    return all;
  }

  private static List<User> users(PostgresStore store) {
    List<User> all = new ArrayList<>();
    UserPage page = await(store.list(UserQuery.all(0, 1000), new Cancellation()));
    all.addAll(page.items());
    while (page.more()) {
      page =
          await(store.list(UserQuery.all(all.get(all.size() - 1).id(), 1000), new Cancellation()));
      all.addAll(page.items());
    }
    return all;
  }
}
