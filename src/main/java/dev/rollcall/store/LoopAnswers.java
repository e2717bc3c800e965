package dev.rollcall.store;

import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Brings what other threads have found to the event loops that wait for it.
 *
 * <p>An event loop runs its tasks once it has read its sockets, and on io_uring it goes on reading
 * for milliseconds where clients that were answered ask again at once. So that those whose answer
 * has to be read from a file don't wait for all the others, what has come for an event loop is also
 * delivered whenever it asks for more. Safe for use by all threads.
 */
public final class LoopAnswers {

  /** What has come for one event loop. */
  private static final class Inbox {
    private final Queue<Runnable> come = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean due = new AtomicBoolean();

    /** Of the event loop alone: whether it is delivering, which may ask for more. */
    private boolean delivering;

    void add(Runnable answer, Context loop) {
      come.add(answer);
      if (due.compareAndSet(false, true)) {
        loop.runOnContext(
            turn -> {
              due.set(false);
              deliver();
            });
      }
    }

    void deliver() {
      if (delivering) {
        return;
      }
      delivering = true;
      try {
        for (Runnable next = come.poll(); next != null; next = come.poll()) {
          next.run();
        }
      } finally {
        delivering = false;
      }
    }
  }

  private final Vertx vertx;
  private final FastThreadLocal<Inbox> inboxes =
      new FastThreadLocal<>() {
        @Override
        protected Inbox initialValue() {
          return new Inbox();
        }
      };

  public LoopAnswers(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * What an answer comes to on the caller's context, which is one of an event loop or not. An event
   * loop gets the answers that are there for it by now, before this returns.
   */
  public <T> Future<T> onCaller(CompletableFuture<T> answer) {
    ContextInternal caller = (ContextInternal) vertx.getOrCreateContext();
    if (!caller.inThread() || !caller.isEventLoopContext()) {
      return Future.fromCompletionStage(answer, caller);
    }
    Inbox inbox = inboxes.get();
    Promise<T> promise = caller.promise();
    var unused =
        answer.whenComplete(
            (value, fault) -> inbox.add(() -> complete(promise, value, fault), caller));
    inbox.deliver();
    return promise.future();
  }

  private static <T> void complete(Promise<T> promise, T value, @Nullable Throwable fault) {
    if (fault == null) {
      promise.complete(value);
    } else {
      promise.fail(fault);
    }
  }
}
