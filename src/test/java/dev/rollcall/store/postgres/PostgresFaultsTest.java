package dev.rollcall.store.postgres;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.StoreSettings;
import dev.rollcall.store.FeedSize;
import dev.rollcall.store.Published;
import dev.rollcall.store.StoreMetrics;
import dev.rollcall.users.ChangeSignal;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is told of faults, and what goes on in spite of them. */
@Tag("slow")
class PostgresFaultsTest {

  private final Vertx vertx = Vertx.vertx();
  private String uri = "";
  private PostgresConnector connector =
      new PostgresConnector(vertx, PostgresServer.settings("postgresql://a:b@127.0.0.1:1/none"));
  private PostgresSession session =
      session(PostgresServer.settings("postgresql://a:b@127.0.0.1:1/none"));
  private PostgresTasks tasks = tasks();

  @BeforeEach
  void connect() {
    uri = PostgresServer.uri();
    PostgresServer.empty();
    connector = new PostgresConnector(vertx, PostgresServer.settings(uri));
    store(Duration.ofDays(1)).close(); // Makes the tables.
    session = session(PostgresServer.settings(uri));
    tasks = tasks();
  }

  @AfterEach
  void close() {
    session.close();
    connector.close();
    await(vertx.close());
  }

  private PostgresSession session(StoreSettings.Postgres database) {
    return new PostgresSession(connector, new PostgresEpoch(database), new Published(0));
  }

  private PostgresTasks tasks() {
    PostgresBatches batches =
        new PostgresBatches("unheard", 1000, new Published(0), new FeedSize(1 << 20));
    return new PostgresTasks(
        connector, session, batches, new StoreMetrics(new SimpleMeterRegistry()));
  }

  private PostgresStore store(Duration keep) {
    return PostgresStore.open(
        vertx,
        new PostgresStore.Options(
            PostgresServer.settings(uri), 2, 1000, 1 << 20, keep, Long.MAX_VALUE),
        new SimpleMeterRegistry());
  }

  private static UserWrite put(long id) {
    return new UserWrite.Put(id, new UserDraft(null, "A", null, "{}"), Precondition.NONE, null);
  }

  private Failure failureOfTask(PostgresTasks.Work<Integer> work) {
    return catchThrowableOfType(Failure.class, () -> tasks.perform(work));
  }

  private int backend() {
    return tasks.perform(
        (connection, deadline) ->
            PostgresSession.await(connection.query("SELECT pg_backend_pid()").execute(), deadline)
                .iterator()
                .next()
                .getInteger(0));
  }

  @Test
  void aTaskWithAFaultOfOursIsDoneOnceAndIsCertainlyNotWritten() {
    AtomicInteger done = new AtomicInteger();
    int backend = backend();
    Failure told =
        failureOfTask(
            (connection, deadline) -> {
              done.incrementAndGet();
              throw new NoSuchElementException("a fault of ours");
            });
    assertThat(told.kind()).isEqualTo(Kind.INTERNAL);
    assertThat(told.detail()).isEqualTo("not written: internal error");
    assertThat(done).hasValue(1);
    assertThat(backend()).as("the connection that others write over").isEqualTo(backend);
  }

  @Test
  void aTaskWhoseStatementIsWrongIsCertainlyNotWrittenAndTheConnectionGoesOn() {
    int backend = backend();
    Failure told =
        failureOfTask(
            (connection, deadline) ->
                PostgresSession.await(connection.query("SELECT 1 / 0").execute(), deadline).size());
    assertThat(told.kind()).isEqualTo(Kind.INTERNAL);
    assertThat(told.detail()).isEqualTo("not written: the database reports error 22012");
    assertThat(backend()).isEqualTo(backend);
  }

  @Test
  void aTaskThatIsCutOffBeforeItsCommitIsNotWrittenForCertain() {
    PostgresTasks.Work<Integer> cut =
        (connection, deadline) ->
            PostgresSession.await(
                    connection
                        .query("SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(10)")
                        .execute(),
                    deadline)
                .size();
    Failure told = failureOfTask(cut);
    assertThat(told.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(told.detail()).startsWith("not written: ");
  }

  @Test
  void aTaskThatIsCutOffAtItsCommitIsOneWhoseOutcomeIsUnknown() {
    backend();
    PostgresServer.execute(
        uri,
        """
        CREATE TABLE IF NOT EXISTS cut_off (n int);
        CREATE OR REPLACE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10);
           RETURN NULL; END';
        CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON cut_off DEFERRABLE INITIALLY DEFERRED
          FOR EACH ROW EXECUTE FUNCTION cut();
        """);
    Failure told =
        failureOfTask(
            (connection, deadline) ->
                PostgresSession.await(
                        connection.query("INSERT INTO cut_off VALUES (1)").execute(), deadline)
                    .rowCount());
    PostgresServer.execute(uri, "DROP TABLE cut_off; DROP FUNCTION cut()");
    assertThat(told.detail()).startsWith("outcome-unknown: ");
  }

  @Test
  void onlyWhatAnotherConnectionMayHelpAgainstIsTakenForALostOne() {
    assertThat(PostgresFault.of(ClosedConnectionException.INSTANCE).cutOff()).isTrue();
    assertThat(PostgresFault.of(new IOException("Connection reset by peer")).cutOff()).isTrue();
    assertThat(PostgresFault.of(new ConnectTimeoutException("late")).cutOff()).isTrue();
    assertThat(PostgresFault.of(new VertxException("SSL handshake failed")).cutOff()).isTrue();
    assertThat(PostgresFault.of(new TimeoutException()).cutOff()).isFalse();
    for (Throwable ours :
        new Throwable[] {
          new NullPointerException(),
          new ClassCastException(),
          new NoSuchElementException(),
          new IllegalArgumentException(),
          new StackOverflowError()
        }) {
      PostgresFault fault = PostgresFault.of(ours);
      assertThat(fault.cutOff()).as(ours.toString()).isFalse();
      assertThat(fault.reason()).isEqualTo("internal error");
      assertThat(fault.unreadable().kind()).isEqualTo(Kind.INTERNAL);
    }
    assertThat(PostgresFault.closing().cutOff()).isFalse();
  }

  @Test
  void aFaultWhilePruningLeavesTheWriterAtWork() {
    try (PostgresStore store = store(Duration.ofSeconds(1))) {
      await(store.write(put(1)));
      // What is read of the oldest change is then no number.
      PostgresServer.execute(uri, "ALTER TABLE changes ALTER at TYPE text");
      Awaitility.await()
          .pollDelay(Duration.ofMillis(1500))
          .until(() -> true); // It prunes ten times a second.
      PostgresServer.execute(uri, "ALTER TABLE changes ALTER at TYPE bigint USING at::bigint");
      assertThat(await(store.write(put(2))).user().id()).isEqualTo(2);
      await(store.probe());
    }
  }

  @Test
  void whateverAnybodyNotifiesOfIsNotBelieved() throws InterruptedException {
    Semaphore fired = new Semaphore(0);
    try (PostgresStore store = store(Duration.ofDays(1));
        ChangeSignal.Subscription there = store.signal().subscribe(fired::release)) {
      long written = await(store.write(put(1))).user().seq();
      for (String payload :
          new String[] {
            "", "x", "-1", "9223372036854775807", "9223372036854775808", "1e3", "9".repeat(7999)
          }) {
        PostgresServer.execute(
            uri,
            String.format(
                Locale.ROOT,
                "SELECT pg_notify(channel, '%1$s'), pg_notify(channel || '_jobs', '%1$s')"
                    + " FROM (SELECT 'rollcall_' || md5(current_schema()) AS channel) it",
                payload));
      }
      fired.drainPermits();
      try (PostgresStore other = store(Duration.ofDays(1))) {
        long seq = await(other.write(put(2))).user().seq();
        assertThat(seq).isEqualTo(written + 1);
        assertThat(fired.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        Awaitility.await().until(() -> store.position() >= seq);
        assertThat(store.position()).isEqualTo(seq);
      }
      assertThat(listening()).as("connections that listen").isEqualTo(1);
      assertThat(there).isNotNull();
    }
  }

  private long listening() {
    return PostgresServer.number(
        uri,
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND query LIKE '%LISTEN%' AND query NOT LIKE '%pg_stat_activity%'");
  }
}
