package dev.rollcall.store.remote;

import dev.rollcall.access.KeyStore;
import dev.rollcall.access.KeyStoreContract;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import java.nio.file.Path;

/** The contract of all stores of keys, kept by the store of another node. */
class RemoteKeysTest extends KeyStoreContract {

  @Override
  protected StoreHarness harness(Path folder) {
    return new RemoteHarness(folder);
  }

  @Override
  protected KeyStore keys(UserStore store) {
    return ((RemoteStore) store).tables().keys();
  }
}
