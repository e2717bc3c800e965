package dev.rollcall.store.postgres;

import dev.rollcall.followers.erasures.ErasureStoreContract;
import dev.rollcall.store.tables.Tables;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** The contract of all stores of erasures, kept by PostgreSQL. */
@Tag("slow")
class PostgresErasuresTest extends ErasureStoreContract {

  @Override
  protected StoreHarness harness(Path folder) {
    return new PostgresHarness(true);
  }

  @Override
  protected Tables tables(UserStore store) {
    return ((PostgresStore) store).tables();
  }

  @Override
  protected boolean isShared() {
    return true;
  }
}
