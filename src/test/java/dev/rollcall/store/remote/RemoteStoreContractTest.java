package dev.rollcall.store.remote;

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

/** The contract of all stores, kept by the store of another node. */
@Tag("slow")
class RemoteStoreContractTest {

  @Nested
  class Writes extends UserWritesContract {
    @Override
    protected StoreHarness harness(Path folder) {
      return new RemoteHarness(folder);
    }
  }

  @Nested
  class AssignedIds extends AssignedIdsContract {
    @Override
    protected StoreHarness harness(Path folder) {
      return new RemoteHarness(folder);
    }
  }

  @Nested
  class RepeatedWrites extends RepeatedWritesContract {
    @Override
    protected StoreHarness harness(Path folder) {
      return new RemoteHarness(folder);
    }
  }

  @Nested
  class Lists extends ListsContract {
    @Override
    protected StoreHarness harness(Path folder) {
      return new RemoteHarness(folder);
    }
  }

  @Nested
  class Feed extends FeedContract {
    @Override
    protected StoreHarness harness(Path folder) {
      return new RemoteHarness(folder);
    }
  }

  @Nested
  class BulkWrites extends BulkWritesContract {
    @Override
    protected StoreHarness harness(Path folder) {
      return new RemoteHarness(folder);
    }
  }

  @Nested
  class PasswordWrites extends PasswordWritesContract {
    @Override
    protected StoreHarness harness(Path folder) {
      return new RemoteHarness(folder);
    }
  }
}
