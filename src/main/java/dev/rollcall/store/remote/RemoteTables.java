package dev.rollcall.store.remote;

import dev.rollcall.access.KeyStore;
import dev.rollcall.access.sessions.Sessions;
import dev.rollcall.followers.cursors.CursorStore;
import dev.rollcall.followers.erasures.Erasures;
import dev.rollcall.followers.receipts.ReceiptKeys;
import dev.rollcall.followers.webhooks.Webhooks;
import dev.rollcall.store.remote.OwnerCall.Work;
import dev.rollcall.wire.Addresses.Kept;
import io.vertx.core.eventbus.EventBus;

/** What other nodes keep beside users, over the event bus. Safe for use by all threads. */
public final class RemoteTables {
  private final EventBus bus;
  private final AnnouncedOwners owners;

  RemoteTables(EventBus bus, AnnouncedOwners owners) {
    this.bus = bus;
    this.owners = owners;
  }

  /** The keys. */
  public KeyStore keys() {
    return new RemoteKeys(calls(Kept.KEYS));
  }

  /** The sessions. */
  public Sessions sessions() {
    return new RemoteSessions(calls(Kept.SESSIONS));
  }

  /** The webhooks. */
  public Webhooks webhooks() {
    return new RemoteWebhooks(calls(Kept.WEBHOOKS));
  }

  /** The public keys of receipts. */
  public ReceiptKeys receiptKeys() {
    NamedCalls calls = calls(Kept.RECEIPTS);
    return () -> calls.read(NamedCalls.named("published"), WireReceiptKeys::keys);
  }

  /** The erasures. */
  public Erasures erasures() {
    return new RemoteErasures(calls(Kept.ERASURES));
  }

  /** The followers. */
  public CursorStore cursors() {
    return new RemoteCursors(calls(Kept.FOLLOWERS));
  }

  private NamedCalls calls(Kept kept) {
    return new NamedCalls(bus, owners.of(kept), Work.read(kept), Work.write(kept));
  }
}
