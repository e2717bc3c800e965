package dev.rollcall.store.remote;

import dev.rollcall.budgets.InboundBudgets;
import dev.rollcall.budgets.OutboundBudgets;
import dev.rollcall.bus.BusLimits;
import dev.rollcall.bus.StoreVerticle;
import dev.rollcall.config.Settings;
import dev.rollcall.followers.erasures.StoredErasures;
import dev.rollcall.followers.receipts.StoredReceipts;
import dev.rollcall.store.sqlite.SqliteStore;
import dev.rollcall.users.Awaiting;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts the store of another node under the contract: SQLite there, and the event bus between. */
final class RemoteHarness implements StoreHarness {

  private final Path file;
  private @Nullable Vertx vertx;
  private @Nullable SqliteStore store;
  private @Nullable RemoteStore remote;
  private String deployment = "";

  RemoteHarness(Path folder) {
    this.file = folder.resolve("users.db");
  }

  @Override
  public UserStore start(Vertx on, Limits limits) {
    SqliteStore owned =
        SqliteStore.open(
            on,
            new SqliteStore.Options(
                file, 2, 10_000, 1 << 24, limits.userLimit(), limits.keepChanges(), Long.MAX_VALUE),
            new SimpleMeterRegistry());
    BusLimits busLimits =
        new BusLimits(
            Settings.of("bus.inFlightLimit=100000").bus(),
            OutboundBudgets.roomy(),
            InboundBudgets.roomy(),
            new SimpleMeterRegistry(),
            null);
    StoredReceipts receipts =
        new StoredReceipts(
            on, owned.tables().receiptKeys(), Optional.of("s".repeat(32)), Clock.systemUTC());
    // Listening before the store tells of itself, instead of until it does so again.
    Future<RemoteStore> opening = RemoteStore.open(on, Duration.ofSeconds(20));
    deployment =
        Awaiting.await(
            on.deployVerticle(
                new StoreVerticle(
                    owned,
                    owned.tables().keys(),
                    owned.tables().cursors(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(receipts),
                    Optional.of(
                        new StoredErasures(
                            owned.tables().erasures(),
                            owned,
                            List.of("account"),
                            receipts,
                            Clock.systemUTC())),
                    true,
                    busLimits,
                    Duration.ofSeconds(10))));
    RemoteStore opened = Awaiting.await(opening);
    vertx = on;
    store = owned;
    remote = opened;
    return opened;
  }

  /** The store that is asked. */
  SqliteStore owned() {
    return Objects.requireNonNull(store);
  }

  @Override
  public void stop() {
    if (vertx == null || store == null || remote == null) {
      return;
    }
    Awaiting.await(remote.close());
    Awaiting.await(vertx.undeploy(deployment));
    try {
      store.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
