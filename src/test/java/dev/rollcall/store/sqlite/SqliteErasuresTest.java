package dev.rollcall.store.sqlite;

import dev.rollcall.followers.erasures.ErasureStoreContract;
import dev.rollcall.store.tables.Tables;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import java.nio.file.Path;

/** The contract of all stores of erasures, kept by SQLite. */
class SqliteErasuresTest extends ErasureStoreContract {

  @Override
  protected StoreHarness harness(Path folder) {
    return new SqliteHarness(folder, 1 << 20);
  }

  @Override
  protected Tables tables(UserStore store) {
    return ((SqliteStore) store).tables();
  }

  @Override
  protected boolean isShared() {
    return false;
  }
}
