package dev.rollcall.bus;

import dev.rollcall.access.KeyStore;
import dev.rollcall.access.sessions.Sessions;
import dev.rollcall.access.sessions.UserSessions;
import dev.rollcall.followers.cursors.CursorStore;
import dev.rollcall.followers.erasures.Erasures;
import dev.rollcall.followers.receipts.ReceiptKeys;
import dev.rollcall.followers.webhooks.Webhooks;
import dev.rollcall.operations.Resources;
import dev.rollcall.users.UserStore;
import dev.rollcall.wire.Addresses.Kept;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lets nodes without a store use that of this one, and publishes what changes in it. One instance
 * for each process that holds a store.
 *
 * <p>Stopping announces to other nodes that they ask elsewhere, and lets calls that are under way
 * finish.
 */
public final class StoreVerticle extends VerticleBase {

  private final UserStore store;
  private final KeyStore keys;
  private final CursorStore cursors;
  private final Optional<Sessions> sessions;
  private final Optional<Webhooks> webhooks;
  private final Optional<ReceiptKeys> receiptKeys;
  private final Optional<Erasures> erasures;
  private final boolean shared;
  private final BusLimits limits;
  private final Duration drain;
  private @Nullable MessageServer server;
  private @Nullable ChangePublisher publisher;
  private @Nullable OtherOwners others;

  /**
   * An instance that does not serve yet.
   *
   * @param keys those in the same store
   * @param cursors those of followers in the same store
   * @param sessions those in the same store; none where users can't log in
   * @param webhooks those in the same store
   * @param receiptKeys those in the same store
   * @param erasures those in the same store
   * @param shared whether other nodes may hold the same store
   * @param limits shared with the {@link BusVerticle}s
   * @param drain how long calls that are under way may take to finish when it stops
   */
  public StoreVerticle(
      UserStore store,
      KeyStore keys,
      CursorStore cursors,
      Optional<Sessions> sessions,
      Optional<Webhooks> webhooks,
      Optional<ReceiptKeys> receiptKeys,
      Optional<Erasures> erasures,
      boolean shared,
      BusLimits limits,
      Duration drain) {
    this.store = store;
    this.keys = keys;
    this.cursors = cursors;
    this.sessions = sessions;
    this.webhooks = webhooks;
    this.receiptKeys = receiptKeys;
    this.erasures = erasures;
    this.shared = shared;
    this.limits = limits;
    this.drain = drain;
  }

  /** An instance that serves what the operations of this process work on. */
  public static StoreVerticle of(
      UserStore store,
      Resources resources,
      ReceiptKeys receiptKeys,
      boolean shared,
      BusLimits limits,
      Duration drain) {
    return new StoreVerticle(
        store,
        resources.keys().store(),
        resources.cursors().store(),
        resources.sessions().map(UserSessions::kept),
        resources.webhooks(),
        Optional.of(receiptKeys),
        resources.erasures(),
        shared,
        limits,
        drain);
  }

  @Override
  public Future<?> start() {
    // A new name, so that no caller takes the next process for this one.
    String node = UUID.randomUUID().toString();
    MessageServer serving = new MessageServer(vertx, limits);
    Map<Kept, List<ServedAddress>> kept = kept(node);
    List<String> members = kept.keySet().stream().map(Kept::member).toList();
    ChangePublisher publishing = new ChangePublisher(vertx, store, node, shared, members);
    OtherOwners watching = new OtherOwners(vertx, node, shared);
    server = serving;
    publisher = publishing;
    others = watching;
    List<ServedAddress> addresses = new ArrayList<>(new StoreEndpoints(store).table(node));
    kept.values().forEach(addresses::addAll);
    return serving
        .serve(addresses)
        .compose(served -> publishing.registered())
        .compose(registered -> watching.registered())
        .onSuccess(registered -> publishing.start());
  }

  /** What this node serves beside users, which it says of itself. */
  private Map<Kept, List<ServedAddress>> kept(String node) {
    Map<Kept, List<ServedAddress>> kept = new EnumMap<>(Kept.class);
    kept.put(Kept.KEYS, NamedEndpoints.ofKeys(keys, node));
    kept.put(Kept.FOLLOWERS, NamedEndpoints.ofFollowers(cursors, node));
    sessions.ifPresent(all -> kept.put(Kept.SESSIONS, NamedEndpoints.ofSessions(all, node)));
    webhooks.ifPresent(all -> kept.put(Kept.WEBHOOKS, NamedEndpoints.ofWebhooks(all, node)));
    receiptKeys.ifPresent(all -> kept.put(Kept.RECEIPTS, NamedEndpoints.ofReceipts(all, node)));
    erasures.ifPresent(all -> kept.put(Kept.ERASURES, NamedEndpoints.ofErasures(all, node)));
    return kept;
  }

  @Override
  public Future<?> stop() {
    MessageServer serving = server;
    ChangePublisher publishing = publisher;
    if (serving == null || publishing == null || others == null) {
      return Future.succeededFuture();
    }
    return others
        .end()
        .transform(
            ended -> {
              publishing.end();
              return serving.leave(drain);
            });
  }
}
