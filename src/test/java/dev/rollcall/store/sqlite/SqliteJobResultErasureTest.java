package dev.rollcall.store.sqlite;

import dev.rollcall.followers.traces.JobResultErasureContract;
import dev.rollcall.followers.traces.JobResultStore;
import dev.rollcall.jobs.JobStore;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import java.nio.file.Path;

/** What becomes of the results of a user who is erased, in SQLite. */
class SqliteJobResultErasureTest extends JobResultErasureContract {

  @Override
  protected StoreHarness harness(Path folder) {
    return new SqliteHarness(folder, 1 << 20);
  }

  @Override
  protected JobStore jobs(UserStore store) {
    return ((SqliteStore) store).jobs();
  }

  @Override
  protected JobResultStore results(UserStore store) {
    return ((SqliteStore) store).tables().jobResults();
  }
}
