package dev.rollcall.store.postgres;

import dev.rollcall.followers.traces.JobResultErasureContract;
import dev.rollcall.followers.traces.JobResultStore;
import dev.rollcall.jobs.JobStore;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** What becomes of the results of a user who is erased, in PostgreSQL. */
@Tag("slow")
class PostgresJobResultErasureTest extends JobResultErasureContract {

  @Override
  protected StoreHarness harness(Path folder) {
    return new PostgresHarness(true);
  }

  @Override
  protected JobStore jobs(UserStore store) {
    return ((PostgresStore) store).jobs();
  }

  @Override
  protected JobResultStore results(UserStore store) {
    return ((PostgresStore) store).tables().jobResults();
  }
}
