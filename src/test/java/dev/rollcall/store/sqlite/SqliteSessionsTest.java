package dev.rollcall.store.sqlite;

import dev.rollcall.access.sessions.SessionStore;
import dev.rollcall.access.sessions.SessionStoreContract;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import java.nio.file.Path;

/** The contract of all stores of sessions, kept by SQLite. */
class SqliteSessionsTest extends SessionStoreContract {

  @Override
  protected StoreHarness harness(Path folder) {
    return new SqliteHarness(folder, 1 << 20);
  }

  @Override
  protected SessionStore sessions(UserStore store) {
    return ((SqliteStore) store).tables().sessions();
  }
}
