package dev.rollcall;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps that undo a start. Safe for use by all threads. */
final class Undo {

  private static final Logger LOG = LoggerFactory.getLogger(Undo.class);

  private final Deque<Supplier<Future<Void>>> steps = new ArrayDeque<>();

  /** Adds a step, which is taken before all that were added earlier. */
  synchronized void push(Supplier<Future<Void>> step) {
    steps.push(step);
  }

  /**
   * Takes all steps, one after the other, each although another failed; none is taken twice.
   *
   * @return succeeds when all are done; what failed is logged
   */
  synchronized Future<Void> all() {
    Future<Void> undoing = Future.succeededFuture();
    while (!steps.isEmpty()) {
      Supplier<Future<Void>> step = steps.pop();
      undoing =
          undoing.eventually(
              () -> step.get().onFailure(fault -> LOG.warn("a part did not close", fault)));
    }
    return undoing;
  }
}
