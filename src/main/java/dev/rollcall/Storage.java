package dev.rollcall;

import dev.rollcall.access.KeyStore;
import dev.rollcall.access.clients.WrongCredentials;
import dev.rollcall.access.sessions.SessionStore;
import dev.rollcall.access.sessions.Sessions;
import dev.rollcall.access.sessions.StoredSessions;
import dev.rollcall.base.Failure;
import dev.rollcall.config.AuthSettings;
import dev.rollcall.config.Settings;
import dev.rollcall.config.StoreSettings;
import dev.rollcall.followers.cursors.CursorStore;
import dev.rollcall.followers.receipts.PublishedKeys;
import dev.rollcall.followers.receipts.ReceiptKeys;
import dev.rollcall.followers.receipts.StoredReceipts;
import dev.rollcall.followers.webhooks.StoredWebhooks;
import dev.rollcall.followers.webhooks.Webhooks;
import dev.rollcall.jobs.JobStore;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.operations.Resources;
import dev.rollcall.store.LocalStore;
import dev.rollcall.store.postgres.PostgresStore;
import dev.rollcall.store.remote.RemoteStore;
import dev.rollcall.store.sqlite.SqliteBackup;
import dev.rollcall.store.sqlite.SqliteStore;
import dev.rollcall.store.tables.Tables;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.Users;
import dev.rollcall.views.Views;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store of this process, of whichever kind.
 *
 * @param keys those in it
 * @param cursors those of followers in it
 * @param sessions opens those in it, where users can log in
 * @param jobs the jobs in it; none where other nodes keep them
 * @param tables what else is in it; none where other nodes keep it
 * @param webhooks those in it
 * @param receiptKeys of receipts, the public halves; where this process has the store, {@link
 *     StoredReceipts}
 */
record Storage(
    UserStore store,
    KeyStore keys,
    CursorStore cursors,
    Supplier<Future<Sessions>> sessions,
    Optional<JobStore> jobs,
    Optional<Tables> tables,
    Webhooks webhooks,
    ReceiptKeys receiptKeys,
    Supplier<Future<JsonObject>> backup,
    Supplier<Future<Void>> closing) {

  private static final Logger LOG = LoggerFactory.getLogger(Storage.class);

  /** How long a node without a store looks for one that has it. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /**
   * Opens the store, a database on a worker thread.
   *
   * @return fails with an {@link IllegalStateException} whose message is for the operator
   */
  static Future<Storage> open(Vertx vertx, Settings settings, MeterRegistry registry) {
    return switch (settings.store().kind()) {
      case SQLITE -> vertx.executeBlocking(() -> sqlite(vertx, settings, registry));
      case POSTGRES -> vertx.executeBlocking(() -> postgres(vertx, settings, registry));
      case REMOTE -> remote(vertx);
    };
  }

  private static Storage sqlite(Vertx vertx, Settings settings, MeterRegistry registry) {
    SqliteStore opened = SqliteStore.open(vertx, SqliteStore.Options.of(settings), registry);
    SqliteBackup backup = opened.backup(settings.backup().folder(), settings.backup().keep());
    return here(vertx, settings, opened, opened.jobs(), opened.tables(), () -> backUp(backup));
  }

  /** A store that this process has. */
  private static Storage here(
      Vertx vertx,
      Settings settings,
      LocalStore opened,
      JobStore jobs,
      Tables tables,
      Supplier<Future<JsonObject>> backup) {
    return new Storage(
        opened,
        tables.keys(),
        tables.cursors(),
        () -> sessions(vertx, settings, tables.sessions()),
        Optional.of(jobs),
        Optional.of(tables),
        new StoredWebhooks(tables.webhooks(), opened, Clock.systemUTC()),
        receipts(vertx, settings, tables),
        backup,
        () -> close(vertx, opened));
  }

  private static StoredReceipts receipts(Vertx vertx, Settings settings, Tables tables) {
    StoredReceipts receipts =
        new StoredReceipts(
            vertx, tables.receiptKeys(), settings.auth().secret(), Clock.systemUTC());
    // Published before it is used, if that can be; else with the first receipt.
    receipts
        .start()
        .onFailure(fault -> LOG.warn("no key for receipts was made yet: {}", fault.getMessage()));
    return receipts;
  }

  private static Future<Sessions> sessions(Vertx vertx, Settings settings, SessionStore store) {
    AuthSettings auth = settings.auth();
    StoredSessions sessions =
        new StoredSessions(
            vertx,
            store,
            auth.sessions().orElseThrow(),
            auth.secret().orElseThrow(),
            Clock.systemUTC());
    return sessions.start().map(sessions);
  }

  private static Future<Void> close(Vertx vertx, AutoCloseable opened) {
    return vertx.executeBlocking(
        () -> {
          opened.close();
          return null;
        });
  }

  private static Future<JsonObject> backUp(SqliteBackup backup) {
    return backup
        .run()
        .map(
            copy ->
                new JsonObject().put("file", copy.path().toString()).put("bytes", copy.bytes()));
  }

  private static Storage postgres(Vertx vertx, Settings settings, MeterRegistry registry) {
    StoreSettings store = settings.store();
    PostgresStore opened =
        PostgresStore.open(
            vertx,
            new PostgresStore.Options(
                store.postgres().orElseThrow(),
                store.readers(),
                store.queue(),
                settings.http().bodyLimit(),
                settings.changes().keep(),
                settings.changes().limit()),
            registry);
    return here(
        vertx,
        settings,
        opened,
        opened.jobs(),
        opened.tables(),
        () ->
            noBackup(
                "this store is a PostgreSQL database, which has its own backups (pg_dump,"
                    + " pg_basebackup)"));
  }

  private static Future<JsonObject> noBackup(String why) {
    return Future.failedFuture(Failure.of(Failure.Kind.NOT_IMPLEMENTED, why));
  }

  private static Future<Storage> remote(Vertx vertx) {
    return RemoteStore.open(vertx, PATIENCE)
        .map(
            opened ->
                new Storage(
                    opened,
                    opened.tables().keys(),
                    opened.tables().cursors(),
                    () -> Future.succeededFuture(opened.tables().sessions()),
                    Optional.empty(),
                    Optional.empty(),
                    opened.tables().webhooks(),
                    opened.tables().receiptKeys(),
                    () -> noBackup("this node keeps no users; back up where they are kept"),
                    opened::close));
  }

  /** What operations work on: what this store keeps, and what is made over it. */
  Resources resources(
      Users users,
      Views views,
      Optional<Jobs> jobs,
      Callers callers,
      Followers followers,
      WrongCredentials wrong) {
    return new Resources(
        users,
        views,
        jobs,
        callers.keys(),
        followers.cursors(),
        callers.sessions(),
        wrong,
        Optional.of(webhooks),
        new PublishedKeys(receiptKeys),
        followers.erasures());
  }

  /**
   * Writes a copy of the store.
   *
   * @return where it is, for the operator; fails with a {@link Failure}, {@code NOT_IMPLEMENTED}
   *     for kinds of stores that are not backed up here
   */
  Future<JsonObject> backUp() {
    return backup.get();
  }

  /** Finishes the writes that wait, and closes the store. */
  Future<Void> close() {
    return closing.get();
  }
}
