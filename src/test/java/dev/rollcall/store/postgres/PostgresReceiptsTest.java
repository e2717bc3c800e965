package dev.rollcall.store.postgres;

import dev.rollcall.followers.receipts.ReceiptKeyStore;
import dev.rollcall.followers.receipts.ReceiptsContract;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** Receipts whose keys are kept by PostgreSQL. */
@Tag("slow")
class PostgresReceiptsTest extends ReceiptsContract {

  @Override
  protected StoreHarness harness(Path folder) {
    return new PostgresHarness(true);
  }

  @Override
  protected ReceiptKeyStore keys(UserStore store) {
    return ((PostgresStore) store).tables().receiptKeys();
  }
}
