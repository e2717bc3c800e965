package dev.rollcall.store.postgres;

import dev.rollcall.followers.webhooks.WebhookStoreContract;
import dev.rollcall.store.tables.Tables;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** The contract of all stores of webhooks, kept by PostgreSQL. */
@Tag("slow")
class PostgresWebhooksTest extends WebhookStoreContract {

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
