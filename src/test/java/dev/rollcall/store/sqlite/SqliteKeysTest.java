package dev.rollcall.store.sqlite;

import dev.rollcall.access.KeyStore;
import dev.rollcall.access.KeyStoreContract;
import dev.rollcall.users.StoreHarness;
import io.vertx.core.Vertx;
import java.nio.file.Path;

/** The contract of all stores of keys, kept by SQLite. */
class SqliteKeysTest extends KeyStoreContract {

  @Override
  protected Harness harness(Path folder) {
    SqliteHarness file = new SqliteHarness(folder, 1 << 20);
    return new Harness() {
      @Override
      public KeyStore start(Vertx vertx) {
        return ((SqliteStore) file.start(vertx, StoreHarness.Limits.WIDE)).keys();
      }

      @Override
      public void stop() {
        file.stop();
      }
    };
  }
}
