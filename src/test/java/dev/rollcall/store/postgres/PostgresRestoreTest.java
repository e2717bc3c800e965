package dev.rollcall.store.postgres;

import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.jobs.Claim;
import dev.rollcall.jobs.IdList;
import dev.rollcall.jobs.Job;
import dev.rollcall.jobs.JobEntry;
import dev.rollcall.jobs.JobResult;
import dev.rollcall.jobs.JobSpec;
import dev.rollcall.jobs.JobStore;
import dev.rollcall.jobs.NewJob;
import dev.rollcall.jobs.Owner;
import dev.rollcall.users.Awaiting;
import dev.rollcall.users.Change;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.User;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.UserWrite;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database that was put back to an earlier state: what clients keep of the lost time is never
 * taken for something else. And what is no restore changes no numbers.
 */
@Tag("slow")
class PostgresRestoreTest {

  private static final String DATABASE = "restored";
  private static final String DUMP = "restored_dump";

  private final Vertx vertx = Vertx.vertx();
  private String uri = "";

  @BeforeEach
  void makeDatabase() {
    drop(DUMP);
    uri = PostgresServer.fresh(DATABASE);
  }

  @AfterEach
  void closeVertx() {
    Awaiting.await(vertx.close());
    drop(DATABASE);
    drop(DUMP);
  }

  private static void drop(String database) {
    PostgresServer.execute("DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
  }

  private PostgresStore open() {
    return PostgresServer.store(vertx, PostgresServer.settings(uri));
  }

  private static User create(PostgresStore store, String name) {
    return Awaiting.await(
            store.write(new UserWrite.Create(new UserDraft(null, name, null, "{}"), null)))
        .user();
  }

  private static List<User> create(PostgresStore store, int users) {
    return Stream.generate(() -> create(store, "A")).limit(users).toList();
  }

  private static boolean isGone(PostgresStore store, long after) {
    try {
      Awaiting.await(store.changes(after, 10, new Cancellation()));
      return false;
    } catch (Failure e) {
      return e.kind() == Kind.GONE;
    }
  }

  private static void assertForgotten(PostgresStore store, long base, List<User> lost) {
    for (int round = 0; round < 3; round++) {
      assertThat(Awaiting.await(store.changes(base, 10, new Cancellation())).items())
          .hasSize(round);
      assertThat(lost).allMatch(user -> isGone(store, user.seq()));
      assertThat(isGone(store, User.MAX_ID)).isTrue();
      long position = store.position();
      User next = create(store, "New " + round);
      assertThat(next.seq()).isGreaterThan(lost.get(lost.size() - 1).seq()).isLessThan(1L << 53);
      assertThat(lost).extracting(User::id).doesNotContain(next.id());
      assertThat(
              Awaiting.await(store.changes(Math.max(base, position), 10, new Cancellation()))
                  .items())
          .extracting(Change::seq)
          .contains(next.seq());
      Precondition stale = new Precondition(Set.of(lost.get(0).seq()), false, Set.of(), false);
      UserWrite put = new UserWrite.Put(1, new UserDraft(1L, "B", null, "{}"), stale, null);
      assertThat(failureOf(store.write(put)).kind()).isEqualTo(Kind.PRECONDITION_FAILED);
    }
  }

  /** As pg_dump and pg_restore do it: the rows as they are, each inserted anew. */
  private void dump() {
    for (String table : TABLES) {
      execute("CREATE SCHEMA IF NOT EXISTS dump");
      execute("CREATE TABLE dump." + table + " AS SELECT * FROM public." + table);
    }
  }

  private void restore() {
    StringBuilder all = new StringBuilder("BEGIN;");
    for (String table : TABLES) {
      all.append("DELETE FROM public.").append(table).append(";INSERT INTO public.").append(table);
      all.append(" OVERRIDING SYSTEM VALUE SELECT * FROM dump.").append(table).append(';');
    }
    execute(all.append("COMMIT").toString());
  }

  private static final List<String> TABLES =
      List.of(
          "users",
          "credentials",
          "changes",
          "retired_ids",
          "counters",
          "jobs",
          "job_ids",
          "job_results",
          "identity",
          "epochs",
          "api_keys",
          "key_numbers",
          "signing_keys",
          "sessions",
          "session_numbers",
          "webhooks",
          "webhook_parked",
          "webhook_attempts",
          "kept_cursors",
          "erasures",
          "erasure_targets",
          "erasure_holder",
          "receipt_keys");

  private void execute(String sql) {
    PostgresServer.execute(uri, sql);
  }

  private long ask(String sql) {
    return PostgresServer.number(uri, sql);
  }

  private long epochs() {
    return ask("SELECT count(*) FROM epochs");
  }

  @Test
  void aDumpThatWasRestoredForgetsTheTimeAfterIt() {
    List<User> lost;
    long base;
    try (PostgresStore store = open()) {
      create(store, 5);
      base = store.position();
      dump();
      lost = create(store, 4);
    }
    restore();
    try (PostgresStore restored = open()) {
      assertForgotten(restored, base, lost);
    }
    assertThat(epochs()).isEqualTo(1);
  }

  @Test
  void aCopyOfADatabaseBeginsAnEpoch() {
    List<User> lost;
    long base;
    try (PostgresStore store = open()) {
      create(store, 5);
      base = store.position();
    }
    PostgresServer.execute("CREATE DATABASE " + DUMP + " TEMPLATE " + DATABASE);
    try (PostgresStore store = open()) {
      lost = create(store, 4);
    }
    uri = uri.replace(DATABASE, DUMP);
    try (PostgresStore copy = open()) {
      assertForgotten(copy, base, lost);
    }
    assertThat(epochs()).isEqualTo(1);
  }

  /** The node runs on: it finds out by itself, without having anything to write. */
  @Test
  void aDatabaseThatIsRestoredBeneathANodeIsNoticed() {
    try (PostgresStore store = open()) {
      create(store, 5);
      final long base = store.position();
      dump();
      List<User> lost = create(store, 4);
      restore();
      await().until(() -> epochs() == 1);
      await().until(() -> store.position() == ask("SELECT last_seq FROM counters"));
      assertForgotten(store, base, lost);
    }
    assertThat(epochs()).isEqualTo(1);
  }

  /** Files that were put back are the same database to the server; the node has seen more. */
  @Test
  void aDatabaseThatHasLessThanTheNodeHasSeenIsNoticedByItsNextWrite() {
    try (PostgresStore store = open()) {
      create(store, 5);
      final long base = store.position();
      List<User> lost = create(store, 4);
      execute("DELETE FROM changes WHERE seq > " + base);
      execute("DELETE FROM users WHERE seq > " + base);
      execute("UPDATE counters SET next_id = 6, last_seq = " + base);
      await().until(() -> isWritten(store));
      User written =
          Awaiting.await(store.list(UserQuery.all(5, 1), new Cancellation())).items().get(0);
      assertThat(written.seq()).isGreaterThan(lost.get(3).seq());
      assertThat(lost).extracting(User::id).doesNotContain(written.id());
      assertThat(lost).allMatch(user -> isGone(store, user.seq()));
    }
    assertThat(epochs()).isEqualTo(1);
  }

  private static boolean isWritten(PostgresStore store) {
    try {
      create(store, "A");
      return true;
    } catch (Failure e) {
      assertThat(e.detail()).startsWith("not written");
      return false;
    }
  }

  @Test
  void ofNodesThatStartAtOnceOneBeginsTheEpoch() {
    List<User> lost;
    long base;
    try (PostgresStore store = open()) {
      create(store, 5);
      base = store.position();
      dump();
      lost = create(store, 4);
    }
    restore();
    List<CompletableFuture<PostgresStore>> starting =
        Stream.generate(
                () -> CompletableFuture.supplyAsync(this::open, task -> new Thread(task).start()))
            .limit(4)
            .toList();
    List<PostgresStore> nodes = starting.stream().map(CompletableFuture::join).toList();
    assertThat(epochs()).isEqualTo(1);
    assertForgotten(nodes.get(3), base, lost);
    nodes.forEach(node -> assertThat(lost).allMatch(user -> isGone(node, user.seq())));
    nodes.forEach(PostgresStore::close);
  }

  @Test
  void whatIsNoRestoreChangesNoNumbers() {
    for (int round = 1; round <= 3; round++) {
      try (PostgresStore store = open();
          PostgresStore other = open()) {
        assertThat(create(store, "A").id()).isEqualTo(create(other, "A").id() - 1).isLessThan(50);
        execute(round == 1 ? "VACUUM FULL" : "VACUUM FREEZE");
        execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        await().until(() -> isWritten(store) && isWritten(other));
      }
    }
    assertThat(epochs()).isZero();
  }

  /** A position that a node has not heard of yet is not lost: another node has given it out. */
  @Test
  void aNodeThatIsBehindTakesNoPositionForLost() {
    try (PostgresStore ahead = open();
        PostgresStore behind = open()) {
      for (int i = 0; i < 50; i++) {
        long seq = create(ahead, "A").seq();
        assertThat(isGone(behind, seq)).as("after %d", seq).isFalse();
      }
      // Nobody tells of this one.
      execute("UPDATE counters SET last_seq = last_seq + 100");
      assertThat(isGone(behind, ask("SELECT last_seq FROM counters"))).isFalse();
    }
    assertThat(epochs()).isZero();
  }

  @Test
  void aDatabaseOfTheVersionBeforeGoesOnWhereItWas() {
    Flyway.configure()
        .dataSource(PostgresJdbc.dataSource(PostgresServer.settings(uri)))
        .locations("classpath:db/postgres")
        .table("schema_history")
        .target("2")
        .load()
        .migrate();
    execute("UPDATE counters SET last_seq = 7, next_id = 5");
    try (PostgresStore store = open()) {
      User next = create(store, "A");
      assertThat(next.id()).isEqualTo(5);
      assertThat(next.seq()).isEqualTo(8);
    }
    assertThat(epochs()).isZero();
  }

  /** What its user may not ask of the server is taken for something that never changes. */
  @Test
  void aServerThatDoesNotTellItsTimelineIsNoHindrance() {
    try (PostgresStore store = open()) {
      create(store, 1);
    }
    execute(
        "CREATE OR REPLACE FUNCTION rollcall_timeline() RETURNS text LANGUAGE plpgsql AS $$"
            + " BEGIN RETURN left(pg_walfile_name('x'), 8);"
            + " EXCEPTION WHEN OTHERS THEN RETURN 'untold'; END $$");
    for (int round = 0; round < 2; round++) {
      try (PostgresStore store = open()) {
        create(store, 1);
      }
    }
    assertThat(epochs()).isEqualTo(1);
  }

  /** Files of a server, which then is a standby of nobody, and promoted. */
  @Test
  void aServerThatWasPromotedBeginsAnEpoch(@TempDir Path folder) throws Exception {
    Path original = folder.resolve("original");
    Path copy = folder.resolve("copy");
    List<User> lost;
    long base;
    try (EmbeddedPostgres server = server(original)) {
      uri = uri(server);
      try (PostgresStore store = open()) {
        create(store, 5);
        base = store.position();
      }
    }
    copyTree(original, copy);
    try (EmbeddedPostgres server = server(original)) {
      uri = uri(server);
      try (PostgresStore store = open()) {
        lost = create(store, 4);
      }
    }
    Files.createFile(copy.resolve("standby.signal"));
    try (EmbeddedPostgres server = server(copy)) {
      uri = uri(server);
      try (PostgresStore store = open()) {
        assertThat(Awaiting.await(store.list(UserQuery.all(0, 10), new Cancellation())).items())
            .hasSize(5);
        assertThat(epochs()).as("while it is a standby").isZero();
        ask("SELECT pg_promote()::int");
        await().until(() -> isWritten(store));
      }
      assertThat(epochs()).isEqualTo(1);
      try (PostgresStore store = open()) {
        assertThat(lost).allMatch(user -> isGone(store, user.seq()));
        assertThat(isGone(store, base)).isFalse();
        assertThat(lost).extracting(User::id).doesNotContain(create(store, "A").id());
      }
      assertThat(epochs()).isEqualTo(1);
    }
  }

  private static EmbeddedPostgres server(Path data) throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .setServerConfig("fsync", "off")
        .start();
  }

  private static String uri(EmbeddedPostgres server) {
    return "postgresql://postgres:postgres@127.0.0.1:" + server.getPort() + "/postgres";
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /** The order of results after the copy is another one than in the lost time. */
  @Test
  void ofAJobThatRanOnInTheLostTimeNoResultIsMissedAndNoNumberGivenTwice() {
    NewJob wanted =
        new NewJob(
            new JobSpec(JobSpec.Kind.FETCH, "profile", false, 1),
            IdList.of(11, 12, 13, 14),
            null,
            1,
            null,
            100);
    Job first;
    Job lost;
    try (PostgresStore store = open()) {
      JobStore jobs = store.jobs();
      first = Awaiting.await(jobs.start(wanted));
      Claim claim = claim(jobs, "a");
      record(jobs, claim, 0);
      dump();
      record(jobs, claim, 3);
      assertThat(lines(jobs, first, 1)).containsExactly("{\"id\":14}");
      lost = Awaiting.await(jobs.start(wanted));
    }
    restore();
    try (PostgresStore restored = open()) {
      JobStore jobs = restored.jobs();
      assertThat(Awaiting.await(jobs.start(wanted)).id()).isGreaterThan(lost.id());
      Claim claim = claim(jobs, "later");
      assertThat(claim.job().id()).isEqualTo(first.id());
      assertThat(record(jobs, claim, 1, 2, 3)).isTrue();
      assertThat(Awaiting.await(jobs.find(first.id(), new Cancellation())).orElseThrow().done())
          .isEqualTo(4);
      // Who had read two results, of the first and the last user, misses neither of the others.
      assertThat(lines(jobs, first, 2)).contains("{\"id\":12}", "{\"id\":13}");
      assertThat(ns(jobs, first)).doesNotHaveDuplicates().hasSize(4).isSorted().startsWith(1);
      assertThat(ns(jobs, first).get(1)).isGreaterThan(4);
    }
  }

  private static Claim claim(JobStore jobs, String process) {
    return Awaiting.await(jobs.claim(new Owner(process, 0), Duration.ofMillis(1))).orElseThrow();
  }

  private static boolean record(JobStore jobs, Claim claim, int... positions) {
    List<JobEntry> entries =
        Arrays.stream(positions)
            .mapToObj(
                at ->
                    new JobEntry(
                        at,
                        11 + at,
                        null,
                        new JobEntry.Result(false, Buffer.buffer("{\"id\":" + (11 + at) + "}"))))
            .toList();
    return Awaiting.await(jobs.record(claim, entries, 0, Duration.ofMillis(1))).isPresent();
  }

  private static List<Integer> ns(JobStore jobs, Job job) {
    return Awaiting.await(jobs.results(job.id(), 0, 10, new Cancellation())).stream()
        .map(JobResult::n)
        .toList();
  }

  private static List<String> lines(JobStore jobs, Job job, long after) {
    return Awaiting.await(jobs.results(job.id(), after, 10, new Cancellation())).stream()
        .map(result -> result.line().toString())
        .toList();
  }
}
