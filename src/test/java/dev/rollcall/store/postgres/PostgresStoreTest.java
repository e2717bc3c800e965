package dev.rollcall.store.postgres;

import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.store.Migrations;
import dev.rollcall.users.BulkOutcome;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.User;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the contract of all stores leaves open: several nodes, and a database that is at fault. */
@Tag("slow")
class PostgresStoreTest {

  private final Vertx vertx = Vertx.vertx();
  private final List<PostgresStore> nodes = new ArrayList<>();

  @AfterEach
  void stop() {
    nodes.forEach(PostgresStore::close);
    await(vertx.close());
  }

  private PostgresStore node(String uri, String... more) {
    PostgresStore node = PostgresServer.store(vertx, PostgresServer.settings(uri, more));
    nodes.add(node);
    return node;
  }

  private PostgresStore node() {
    return node(PostgresServer.uri());
  }

  private static UserWrite creation(String name, @Nullable String email, @Nullable UUID op) {
    return new UserWrite.Create(new UserDraft(null, name, email, "{}"), op);
  }

  private static UserWrite address(long id, @Nullable String email) {
    return new UserWrite.Patch(
        id, new UserDraft.Patch(null, email, true, null), Precondition.NONE, null);
  }

  @Test
  void theSameOpAtSeveralNodesIsAppliedOnce() {
    PostgresServer.empty();
    List<PostgresStore> three = List.of(node(), node(), node());
    for (int round = 0; round < 30; round++) {
      UserWrite write =
          creation("A", String.format(Locale.ROOT, "a%d@x.org", round), UUID.randomUUID());
      List<Future<WriteOutcome>> answers = new ArrayList<>();
      three.forEach(node -> answers.add(node.write(write)));
      three.forEach(node -> answers.add(node.write(write)));
      Set<WriteOutcome> outcomes = new HashSet<>();
      answers.forEach(answer -> outcomes.add(await(answer)));
      assertThat(outcomes).hasSize(1);
    }
    assertThat(await(three.get(1).list(UserQuery.all(0, 100), new Cancellation())).items())
        .hasSize(30);
  }

  @Test
  void anIdAndAnAddressAreGivenOnceThoughAllNodesAskForThem() {
    PostgresServer.empty();
    List<PostgresStore> two = List.of(node(), node());
    List<Future<WriteOutcome>> creations = new ArrayList<>();
    List<Future<WriteOutcome>> sameAddress = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      creations.add(two.get(i % 2).write(creation("A", null, null)));
      sameAddress.add(two.get(i % 2).write(creation("B", "same@x.org", null)));
    }
    Set<Long> ids = new HashSet<>();
    creations.forEach(each -> assertThat(ids.add(await(each).user().id())).isTrue());
    long created = 0;
    for (Future<WriteOutcome> each : sameAddress) {
      created += await(each.map(1L).otherwise(0L));
    }
    assertThat(created).isEqualTo(1);
  }

  @Test
  void addressesMayBeSwappedWithinOneTransaction() {
    PostgresServer.empty();
    PostgresStore store = node();
    User one = await(store.write(creation("A", "a@x.org", null))).user();
    User other = await(store.write(creation("B", "b@x.org", null))).user();
    BulkOutcome outcome =
        await(
            store.writeAll(
                List.of(
                    address(one.id(), null),
                    address(other.id(), "A@x.org"),
                    address(one.id(), "b@x.org"),
                    address(other.id(), "b@X.org"))));
    assertThat(outcome.results())
        .extracting(result -> result.failure() == null)
        .containsExactly(true, true, true, false);
    assertThat(await(store.find(one.id(), new Cancellation())).orElseThrow().email())
        .isEqualTo("b@x.org");
    assertThat(await(store.find(other.id(), new Cancellation())).orElseThrow().email())
        .isEqualTo("A@x.org");
  }

  @Test
  void textThatTheDatabaseWouldChangeOrRefuseIsKeptAsItIs() {
    PostgresServer.empty();
    PostgresStore store = node();
    String attributes = "{\"b\":1.50,\"a\":\"\\u0000\",\"c\":1e400,\"a b\":[  ]}".replace("  ", "");
    User user =
        await(store.write(new UserWrite.Create(new UserDraft(null, "A", null, attributes), null)))
            .user();
    assertThat(await(store.find(user.id(), new Cancellation()))).contains(user);
    assertThat(user.attributes()).isEqualTo(attributes);
  }

  @Test
  void severalNodesMayStartAtOnceOnAnEmptyDatabase() throws Exception {
    String uri = PostgresServer.fresh("starts");
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<java.util.concurrent.Future<PostgresStore>> starting = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        starting.add(
            threads.submit(() -> PostgresServer.store(vertx, PostgresServer.settings(uri))));
      }
      for (var each : starting) {
        nodes.add(each.get(60, TimeUnit.SECONDS));
      }
    } finally {
      threads.shutdownNow();
    }
    for (PostgresStore node : nodes) {
      await(node.write(creation("A", null, null)));
    }
    assertThat(await(nodes.get(0).list(UserQuery.all(0, 10), new Cancellation())).items())
        .hasSize(3);
  }

  @Test
  void tablesOfOthersInTheDatabaseAreLeftAlone() {
    String uri = PostgresServer.fresh("shared");
    PostgresServer.execute(uri, "CREATE TABLE of_others (a int)");
    await(node(uri).write(creation("A", null, null)));
    assertThat(PostgresServer.number(uri, "SELECT count(*) FROM of_others")).isZero();
  }

  @Test
  void aSchemaThatIsNewerThanTheProgramStopsTheStart() {
    String uri = PostgresServer.fresh("newer");
    node(uri).close();
    PostgresServer.execute(
        uri,
        "INSERT INTO schema_history SELECT installed_rank + 1, '99', 'later', type, script,"
            + " checksum, installed_by, installed_on, execution_time, success FROM schema_history"
            + " ORDER BY installed_rank DESC LIMIT 1");
    assertThatIllegalStateException()
        .isThrownBy(() -> node(uri))
        .withMessageEndingWith(
            "/newer has schema 99, and this program knows only up to "
                + Migrations.POSTGRES.newest());
  }

  @Test
  void aDatabaseThatCannotBeReachedStopsTheStartWithoutShowingThePassword() {
    String nowhere = "postgresql://postgres:secret@127.0.0.1:1/postgres";
    assertThatIllegalStateException()
        .isThrownBy(() -> node(nowhere))
        .withMessage(
            "the database 127.0.0.1:1/postgres can't be opened: the database can't be reached");
    assertThatIllegalStateException()
        .isThrownBy(() -> node(PostgresServer.uri().replaceAll("/[^/]*$", "/missing")))
        .withMessageEndingWith("/missing can't be opened: the server has no such database");
  }

  @Test
  void anotherWriterThatHoldsTheLockForTooLongIsNotWaitedForWithoutEnd() throws Exception {
    String uri = PostgresServer.fresh("locked");
    PostgresStore store = node(uri, "store.timeout=500ms");
    User user = await(store.write(creation("A", null, null))).user();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      var holding =
          thread.submit(
              () ->
                  PostgresServer.execute(
                      uri, "BEGIN; SELECT 1 FROM counters FOR UPDATE; SELECT pg_sleep(6); COMMIT"));
      Awaitility.await()
          .until(
              () ->
                  PostgresServer.number(
                          uri,
                          "SELECT count(*) FROM pg_stat_activity"
                              + " WHERE query LIKE '%pg_sleep(6)%' AND wait_event = 'PgSleep'")
                      > 0);
      long start = System.nanoTime();
      Failure failure = failureOf(store.write(creation("B", null, null)));
      assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
      assertThat(failure.detail()).startsWith("not written: the database ");
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MILLISECONDS.toNanos(5500));
      assertThat(await(store.find(user.id(), new Cancellation()))).as("reads go on").contains(user);
      holding.get(30, TimeUnit.SECONDS);
      assertThat(await(store.write(creation("C", null, null))).user().name()).isEqualTo("C");
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void readsWhoseClientsHaveGoneDoNotHoldUpThoseOfOthers() throws Exception {
    String uri = PostgresServer.fresh("abandoned");
    PostgresStore store = node(uri);
    User user = await(store.write(creation("A", null, null))).user();
    try (Connection locking = PostgresServer.connect(uri);
        Statement lock = locking.createStatement()) {
      locking.setAutoCommit(false);
      lock.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE");
      List<Cancellation> clients = new ArrayList<>();
      List<Future<UserPage>> pages = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        Cancellation client = new Cancellation();
        pages.add(store.list(UserQuery.all(0, 1000), client));
        clients.add(client);
      }
      clients.forEach(Cancellation::cancel);
      // All but those that the readers have.
      Awaitility.await()
          .until(() -> pages.stream().filter(page -> !page.isComplete()).count() <= 2 * 4);
      Future<Optional<User>> other = store.find(user.id(), new Cancellation());
      locking.rollback();
      assertThat(await(other)).contains(user);
    }
  }

  /** Its sessions must promise what the server's own settings may not. */
  @Test
  void aCommitIsDurableWhateverTheServersSettingIs() {
    String uri = PostgresServer.fresh("hasty");
    PostgresServer.execute(uri, "ALTER DATABASE hasty SET synchronous_commit = off");
    PostgresServer.execute(
        uri, "ALTER DATABASE hasty SET default_transaction_isolation = 'serializable'");
    PostgresStore store = node(uri);
    PostgresServer.execute(
        uri,
        """
        CREATE TABLE seen (setting text);
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO seen VALUES (current_setting('synchronous_commit')
            || ' ' || current_setting('transaction_isolation'));
          RETURN NULL;
        END $$;
        CREATE TRIGGER note AFTER UPDATE ON counters FOR EACH ROW EXECUTE FUNCTION note();
        """);
    await(store.write(creation("A", null, null)));
    assertThat(
            PostgresServer.number(
                uri, "SELECT count(*) FROM seen WHERE setting = 'on read committed'"))
        .isEqualTo(1);
  }
}
