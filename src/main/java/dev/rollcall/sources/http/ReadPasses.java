package dev.rollcall.sources.http;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Counts how often an event loop has looked at all its sockets, as long as somebody wants to know.
 * An event loop reads what has come, runs what waits to be run, and begins again; what it schedules
 * for at once it runs the next time round. Belongs to that event loop.
 */
final class ReadPasses {

  private record Waiting(long pass, Runnable action) {}

  private final EventExecutor loop;
  private List<Waiting> waiting = new ArrayList<>();
  private long passed;
  private long wanted;
  private boolean counting;

  ReadPasses(EventExecutor loop) {
    this.loop = loop;
  }

  /** The first pass that begins after now. */
  long next() {
    if (counting) {
      // The one that is counted next may have begun.
      wanted = passed + 2;
    } else {
      wanted = passed + 1;
      counting = true;
      // A task of this round, since one that is scheduled may be one of this round as well.
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
      List<Waiting> all = waiting;
      waiting = new ArrayList<>();
      for (Waiting one : all) {
        whenReached(one.pass(), one.action());
      }
    }
  }

  /** Whether a pass that {@link #next} named is over. */
  boolean reached(long pass) {
    return passed >= pass;
  }

  /** Runs something once such a pass is over: now, if it is. */
  void whenReached(long pass, Runnable action) {
    if (reached(pass)) {
      action.run();
    } else {
      waiting.add(new Waiting(pass, action));
    }
  }
}
