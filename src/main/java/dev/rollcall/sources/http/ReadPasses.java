package dev.rollcall.sources.http;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Counts how often an event loop has read all its sockets, while somebody waits for a pass. An
 * event loop reads, runs its tasks and begins again; what is scheduled with no delay runs in the
 * next round. Belongs to that event loop.
 */
final class ReadPasses {
  private record Waiter(long pass, Runnable action) {}

  private final EventExecutor loop;
  private List<Waiter> waiting = new ArrayList<>();
  private long passed;
  private long wanted;
  private boolean counting;

  ReadPasses(EventExecutor loop) {
    this.loop = loop;
  }

  /** The first pass that begins from now on. */
  long next() {
    if (counting) {
      // The next pass to be counted may have begun.
      wanted = passed + 2;
    } else {
      wanted = passed + 1;
      counting = true;
      // From a task, since what is scheduled here may still run in this round.
      loop.execute(this::schedule);
    }
    return wanted;
  }

  private void schedule() {
    Future<?> unused = loop.schedule(this::count, 0, TimeUnit.NANOSECONDS);
  }

  private void count() {
    passed++;
    counting = passed < wanted;
    if (counting) {
      schedule();
    }
    if (!waiting.isEmpty()) {
      List<Waiter> all = waiting;
      waiting = new ArrayList<>();
      for (Waiter one : all) {
        whenReached(one.pass(), one.action());
      }
    }
  }

  boolean reached(long pass) {
    return passed >= pass;
  }

  /** Runs an action once a pass is over: at once where it is. */
  void whenReached(long pass, Runnable action) {
    if (reached(pass)) {
      action.run();
    } else {
      waiting.add(new Waiter(pass, action));
    }
  }
}
