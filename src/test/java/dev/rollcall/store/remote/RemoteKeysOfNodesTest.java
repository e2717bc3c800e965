package dev.rollcall.store.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.access.ApiKey;
import dev.rollcall.access.KeyHash;
import dev.rollcall.access.KeyStore;
import dev.rollcall.access.NewKey;
import dev.rollcall.access.Scopes;
import dev.rollcall.base.Cancellation;
import dev.rollcall.users.Awaiting;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Which nodes are asked for keys: those that say that they serve them. */
class RemoteKeysOfNodesTest extends RemoteNodes {
  private static final NewKey KEY =
      new NewKey("a", Scopes.ALL, KeyHash.of("a"), Instant.EPOCH, null, null);

  @Test
  void aNodeOfTheVersionBeforeServesUsersAndNoKeys() {
    pretend("old", message -> message.reply(message.body()));
    RemoteStore store = open();
    KeyStore keys = store.tables().keys();
    unavailable(keys.keyRevision());
    unavailable(keys.keys(0, 10));
    assertThat(unavailable(keys.addKey(KEY)).detail()).startsWith("not written");
    assertThat(asked).isEmpty();
    // Asking for keys does not have it taken for a node that has gone.
    Awaiting.failureOf(store.find(1, new Cancellation()));
    assertThat(asked).isNotEmpty();
    Awaiting.await(store.close());
  }

  @Test
  void whereOldNodesAndNewOnesHoldTheStoreTheNewOnesAreAsked() {
    pretend("old", message -> message.fail(500, "nobody asks it for keys"));
    String node = deploy(sqlite);
    RemoteStore store = open();
    Awaitility.await()
        .ignoreExceptions()
        .until(() -> Awaiting.await(store.tables().keys().keyRevision()) != null);
    ApiKey key = Awaiting.await(store.tables().keys().addKey(KEY));
    for (int i = 0; i < 10; i++) {
      assertThat(Awaiting.await(store.tables().keys().allKeys())).containsExactly(key);
    }
    Awaiting.await(vertx.undeploy(node));
    unavailable(store.tables().keys().keyRevision());
    Awaiting.await(store.close());
  }
}
