package dev.rollcall.store.remote;

import dev.rollcall.followers.receipts.ReceiptKey;
import dev.rollcall.followers.receipts.ReceiptKeys;
import dev.rollcall.store.remote.OwnerCall.Work;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.util.List;

/**
 * The public keys of receipts in other nodes' store. Only nodes that say that they have such keys
 * are asked; where there are none, calls fail with {@code UNAVAILABLE}.
 */
final class RemoteReceiptKeys implements ReceiptKeys {
  private final NamedCalls calls;

  /**
   * The keys of a cluster.
   *
   * @param owners those that have them
   */
  RemoteReceiptKeys(EventBus bus, OwnerRegistry owners) {
    this.calls = new NamedCalls(bus, owners);
  }

  @Override
  public Future<List<ReceiptKey>> published() {
    return calls.send(Work.RECEIPTS_READ, NamedCalls.named("published"), WireReceiptKeys::keys);
  }
}
