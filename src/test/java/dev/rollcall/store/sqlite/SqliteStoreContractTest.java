package dev.rollcall.store.sqlite;

import dev.rollcall.users.AssignedIdsContract;
import dev.rollcall.users.BulkWritesContract;
import dev.rollcall.users.FeedContract;
import dev.rollcall.users.ListsContract;
import dev.rollcall.users.PasswordWritesContract;
import dev.rollcall.users.RepeatedWritesContract;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserWritesContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The contract of all stores, kept by the SQLite store with its cache, and without one. */
@Tag("slow")
class SqliteStoreContractTest {

  private static final long CACHE = 1 << 24;

  @Nested
  class Writes extends UserWritesContract {
    @Override
    protected StoreHarness harness(Path folder) {
      return new SqliteHarness(folder, CACHE);
    }
  }

  @Nested
  class WritesWithoutCache extends UserWritesContract {
    @Override
    protected StoreHarness harness(Path folder) {
      return new SqliteHarness(folder, 0);
    }
  }

  @Nested
  class AssignedIds extends AssignedIdsContract {
    @Override
    protected StoreHarness harness(Path folder) {
      return new SqliteHarness(folder, CACHE);
    }
  }

  @Nested
  class RepeatedWrites extends RepeatedWritesContract {
    @Override
    protected StoreHarness harness(Path folder) {
      return new SqliteHarness(folder, CACHE);
    }
  }

  @Nested
  class RepeatedWritesWithoutCache extends RepeatedWritesContract {
    @Override
    protected StoreHarness harness(Path folder) {
      return new SqliteHarness(folder, 0);
    }
  }

  @Nested
  class Lists extends ListsContract {
    @Override
    protected StoreHarness harness(Path folder) {
      return new SqliteHarness(folder, CACHE);
    }
  }

  @Nested
  class Feed extends FeedContract {
    @Override
    protected StoreHarness harness(Path folder) {
      return new SqliteHarness(folder, CACHE);
    }
  }

  @Nested
  class BulkWrites extends BulkWritesContract {
    @Override
    protected StoreHarness harness(Path folder) {
      return new SqliteHarness(folder, CACHE);
    }
  }

  @Nested
  class PasswordWrites extends PasswordWritesContract {
    @Override
    protected StoreHarness harness(Path folder) {
      return new SqliteHarness(folder, CACHE);
    }
  }

  @Nested
  class PasswordWritesWithoutCache extends PasswordWritesContract {
    @Override
    protected StoreHarness harness(Path folder) {
      return new SqliteHarness(folder, 0);
    }
  }
}
