package dev.rollcall.store.postgres;

import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/** Puts the PostgreSQL store under the contract. */
final class PostgresHarness implements StoreHarness {

  private @Nullable PostgresStore store;

  PostgresHarness() {
    this(true);
  }

  /** A further store in the same database, unless that is to be empty. */
  PostgresHarness(boolean empty) {
    if (empty) {
      PostgresServer.empty();
    }
  }

  @Override
  public UserStore start(Vertx vertx, Limits limits) {
    PostgresStore started =
        PostgresStore.open(
            vertx,
            new PostgresStore.Options(
                PostgresServer.settings(),
                2,
                10_000,
                limits.userLimit(),
                limits.keepChanges(),
                Long.MAX_VALUE),
            new SimpleMeterRegistry());
    store = started;
    return started;
  }

  @Override
  public void stop() {
    if (store != null) {
      store.close();
    }
  }
}
