package dev.rollcall.store.sqlite;

import dev.rollcall.access.sessions.SessionStore;
import dev.rollcall.access.sessions.SessionStoreContract;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The contract of all stores of sessions, kept by SQLite. */
class SqliteSessionsTest extends SessionStoreContract {

  @Override
  protected Harness harness(Path folder) {
    SqliteHarness file = new SqliteHarness(folder, 1 << 20);
    return new Harness() {
      private @Nullable SqliteStore store;

      @Override
      public UserStore start(Vertx vertx) {
        SqliteStore started = (SqliteStore) file.start(vertx, StoreHarness.Limits.WIDE);
        store = started;
        return started;
      }

      @Override
      public SessionStore sessions() {
        return Objects.requireNonNull(store).sessions();
      }

      @Override
      public void stop() {
        file.stop();
      }
    };
  }
}
