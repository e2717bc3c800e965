package dev.rollcall.store.sqlite;

import dev.rollcall.jobs.Claim;
import dev.rollcall.jobs.JobStore;
import dev.rollcall.jobs.JobStoreContract;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The contract of all stores of jobs, kept by SQLite. */
class SqliteJobsTest extends JobStoreContract {

  @Override
  protected Harness harness(Path folder) {
    return new OverSqlite(folder);
  }

  @Override
  protected Optional<Claim> afterTheDeathOf(Claim claim) {
    // Nobody but a later process can have the file.
    return claim("later", LEASE);
  }

  private static final class OverSqlite implements Harness {
    private final SqliteHarness file;
    private @Nullable SqliteStore store;

    OverSqlite(Path folder) {
      this.file = new SqliteHarness(folder, 1 << 20);
    }

    @Override
    public void start(Vertx vertx) {
      store = (SqliteStore) file.start(vertx, StoreHarness.Limits.WIDE);
    }

    @Override
    public JobStore jobs() {
      return Objects.requireNonNull(store).jobs();
    }

    @Override
    public UserStore users() {
      return Objects.requireNonNull(store);
    }

    @Override
    public void stop() {
      file.stop();
    }
  }
}
