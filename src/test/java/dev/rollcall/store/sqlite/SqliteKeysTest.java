package dev.rollcall.store.sqlite;

import dev.rollcall.access.KeyStore;
import dev.rollcall.access.KeyStoreContract;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import java.nio.file.Path;

/** The contract of all stores of keys, kept by SQLite. */
class SqliteKeysTest extends KeyStoreContract {

  @Override
  protected StoreHarness harness(Path folder) {
    return new SqliteHarness(folder, 1 << 20);
  }

  @Override
  protected KeyStore keys(UserStore store) {
    return ((SqliteStore) store).tables().keys();
  }
}
