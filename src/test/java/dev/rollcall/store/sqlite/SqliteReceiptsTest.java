package dev.rollcall.store.sqlite;

import dev.rollcall.followers.receipts.ReceiptKeyStore;
import dev.rollcall.followers.receipts.ReceiptsContract;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import java.nio.file.Path;

/** Receipts whose keys are kept by SQLite. */
class SqliteReceiptsTest extends ReceiptsContract {

  @Override
  protected StoreHarness harness(Path folder) {
    return new SqliteHarness(folder, 1 << 20);
  }

  @Override
  protected ReceiptKeyStore keys(UserStore store) {
    return ((SqliteStore) store).tables().receiptKeys();
  }
}
