package dev.rollcall.followers.receipts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of receipts as a process serves them. Anybody may ask for them, so the store is
 * asked once a second at most; where it can't be, the keys stand that are known, since none is ever
 * taken back. Safe for use by all threads.
 */
public final class PublishedKeys {
  private static final long FRESH = TimeUnit.SECONDS.toNanos(1);

  private final ReceiptKeys keys;
  private @Nullable List<ObjectNode> known;
  private @Nullable Future<List<ObjectNode>> asked;
  private long askedAt;

  /** None that is known yet. */
  public PublishedKeys(ReceiptKeys keys) {
    this.keys = keys;
  }

  /**
   * The keys as they stand in a JWKS, the oldest first.
   *
   * @return on the context of the caller; fails as {@link ReceiptKeys#published} does, where none
   *     are known
   */
  public Future<List<ObjectNode>> jwks() {
    Context caller = Vertx.currentContext();
    Future<List<ObjectNode>> all = shared();
    return caller == null ? all : Future.fromCompletionStage(all.toCompletionStage(), caller);
  }

  private Future<List<ObjectNode>> shared() {
    long now = System.nanoTime();
    synchronized (this) {
      Future<List<ObjectNode>> before = asked;
      if (before != null && now - askedAt < FRESH) {
        return before;
      }
      askedAt = now;
      Future<List<ObjectNode>> read =
          keys.published()
              .map(all -> all.stream().map(ReceiptKey::jwk).toList())
              .onSuccess(this::know)
              .recover(this::insteadOf);
      asked = read;
      return read;
    }
  }

  private synchronized void know(List<ObjectNode> read) {
    known = read;
  }

  private synchronized Future<List<ObjectNode>> insteadOf(Throwable fault) {
    return known == null ? Future.failedFuture(fault) : Future.succeededFuture(known);
  }
}
