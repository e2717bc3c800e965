package dev.rollcall.bus;

import dev.rollcall.users.UserStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lets nodes without a store use that of this one, and publishes what changes in it. One instance
 * for each process that holds a store.
 *
 * <p>Stopping tells the others to ask elsewhere, and lets the calls that are at work finish.
 */
public final class StoreVerticle extends VerticleBase {

  private final UserStore store;
  private final boolean shared;
  private final BusGate gate;
  private final Duration drain;
  private @Nullable MessageServer server;
  private @Nullable Herald herald;
  private @Nullable Rivals rivals;

  /**
   * An instance that does not serve yet.
   *
   * @param shared whether other nodes may hold the same store
   * @param gate shared with the {@link BusVerticle}s
   * @param drain how long calls that are at work may take to finish when it stops
   */
  public StoreVerticle(UserStore store, boolean shared, BusGate gate, Duration drain) {
    this.store = store;
    this.shared = shared;
    this.gate = gate;
    this.drain = drain;
  }

  @Override
  public Future<?> start() {
    // A name of this life alone: whoever asks must not take the next process for this one.
    String node = UUID.randomUUID().toString();
    MessageServer made = new MessageServer(vertx, gate);
    Herald begun = new Herald(vertx, store, node, shared);
    Rivals watching = new Rivals(vertx, node, shared);
    server = made;
    herald = begun;
    rivals = watching;
    return made.serve(new StoreEndpoints(store).table(node))
        .compose(served -> begun.registered())
        .compose(heard -> watching.registered())
        .onSuccess(registered -> begun.start());
  }

  @Override
  public Future<?> stop() {
    MessageServer serving = server;
    Herald telling = herald;
    if (serving == null || telling == null || rivals == null) {
      return Future.succeededFuture();
    }
    return rivals
        .end()
        .transform(
            deaf -> {
              telling.end();
              return serving.leave(drain);
            });
  }
}
