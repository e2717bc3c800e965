package dev.rollcall.store.sqlite;

import dev.rollcall.followers.cursors.CursorStore;
import dev.rollcall.followers.cursors.CursorStoreContract;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import java.nio.file.Path;

/** The contract of all stores of followers, kept by SQLite. */
class SqliteCursorsTest extends CursorStoreContract {

  @Override
  protected StoreHarness harness(Path folder) {
    return new SqliteHarness(folder, 1 << 20);
  }

  @Override
  protected CursorStore cursors(UserStore store) {
    return ((SqliteStore) store).tables().cursors();
  }
}
