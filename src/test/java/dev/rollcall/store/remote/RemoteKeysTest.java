package dev.rollcall.store.remote;

import dev.rollcall.access.KeyStore;
import dev.rollcall.access.KeyStoreContract;
import dev.rollcall.users.StoreHarness;
import io.vertx.core.Vertx;
import java.nio.file.Path;

/** The contract of all stores of keys, kept by the store of another node. */
class RemoteKeysTest extends KeyStoreContract {

  @Override
  protected Harness harness(Path folder) {
    RemoteHarness node = new RemoteHarness(folder);
    return new Harness() {
      @Override
      public KeyStore start(Vertx vertx) {
        return ((RemoteStore) node.start(vertx, StoreHarness.Limits.WIDE)).keys();
      }

      @Override
      public void stop() {
        node.stop();
      }
    };
  }
}
