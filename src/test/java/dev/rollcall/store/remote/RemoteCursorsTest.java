package dev.rollcall.store.remote;

import dev.rollcall.followers.cursors.CursorStore;
import dev.rollcall.followers.cursors.CursorStoreContract;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import java.nio.file.Path;

/** The contract of all stores of followers, kept by the store of another node. */
class RemoteCursorsTest extends CursorStoreContract {

  @Override
  protected StoreHarness harness(Path folder) {
    return new RemoteHarness(folder);
  }

  @Override
  protected CursorStore cursors(UserStore store) {
    return ((RemoteStore) store).tables().cursors();
  }
}
