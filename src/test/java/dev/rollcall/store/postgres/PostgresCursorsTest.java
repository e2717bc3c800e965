package dev.rollcall.store.postgres;

import dev.rollcall.followers.cursors.CursorStore;
import dev.rollcall.followers.cursors.CursorStoreContract;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** The contract of all stores of followers, kept by PostgreSQL. */
@Tag("slow")
class PostgresCursorsTest extends CursorStoreContract {

  @Override
  protected StoreHarness harness(Path folder) {
    return new PostgresHarness(true);
  }

  @Override
  protected CursorStore cursors(UserStore store) {
    return ((PostgresStore) store).tables().cursors();
  }
}
