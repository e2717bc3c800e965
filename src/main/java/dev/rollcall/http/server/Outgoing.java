package dev.rollcall.http.server;

import dev.rollcall.base.Failure.Kind;
import dev.rollcall.base.OutOfMemory;
import dev.rollcall.budgets.OutboundBudget;
import dev.rollcall.budgets.OutboundShare;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * What one exchange has on its way to its client, as a share of the process' budget.
 *
 * <p>A long body is written no faster than its client reads, in pieces: what all clients share, as
 * they do a user in the cache, then costs each of them little, and one that takes nothing is seen
 * and cut off. Belongs to the event loop of the exchange.
 */
public final class Outgoing {

  /** Bodies up to this are written at once. */
  static final int SHORT = 64 * 1024;

  private static final int PIECE = 32 * 1024;

  private final Exchange exchange;
  private final OutboundBudget budget;
  private @Nullable OutboundShare share;
  private Buffer body = Buffer.buffer();
  private int written;
  private boolean clientsTurn;
  private boolean workGoesOn;

  Outgoing(Exchange exchange, OutboundBudget budget) {
    this.exchange = exchange;
    this.budget = budget;
  }

  public OutboundBudget budget() {
    return budget;
  }

  /** Goes on once there is room for a page that is to be read. */
  public void reservePage(Runnable goOn) {
    reserve(budget.page(), goOn);
  }

  /**
   * Goes on once there is room for so many bytes. An answer that has begun waits for as long as it
   * takes; another one is refused after a while.
   */
  public void reserve(long bytes, Runnable goOn) {
    OutboundShare room = budget.tryTake(bytes);
    if (room != null) {
      hold(room);
      goOn.run();
      return;
    }
    exchange.reply(
        budget
            .take(bytes, exchange.client(), exchange.response().headWritten())
            .recover(fault -> Future.failedFuture(OutboundBudget.full(exchange.outcome()))),
        granted -> {
          hold(granted);
          if (!exchange.ended()) {
            goOn.run();
          }
        });
  }

  private void hold(OutboundShare granted) {
    giveBack();
    if (exchange.ended()) {
      granted.giveBack();
    } else {
      share = granted;
    }
  }

  /** Corrects what is held to what it has become; false where there is no room for it. */
  public boolean fit(long bytes) {
    return share == null || share.resize(bytes);
  }

  /** Holds what was taken elsewhere as well. */
  public void adopt(OutboundShare taken) {
    if (share == null) {
      hold(taken);
    } else {
      share.absorb(taken);
    }
  }

  /** Gives back what is held. */
  public void giveBack() {
    if (share != null) {
      share.giveBack();
      share = null;
    }
  }

  /**
   * Goes on with a stream once the client has taken most of it, which it has to do at the least
   * rate. Meanwhile it has no place among the requests at work, unless work goes on.
   */
  void whenDrained(Runnable goOn) {
    boolean atWork = await();
    HttpServerResponse response = exchange.response();
    response.drainHandler(
        drained -> {
          response.drainHandler(null);
          taken(atWork, goOn);
        });
  }

  /** The same, once all that was written is with the kernel: until then it is held in memory. */
  void whenTaken(Future<Void> lastWrite, Runnable goOn) {
    boolean atWork = await();
    // Where it fails, the connection is gone, which ends this.
    lastWrite.onSuccess(done -> taken(atWork, goOn));
  }

  /**
   * Whether work goes on for the exchange while its client takes what there is. It then keeps its
   * place: clients that do not read must not have more work going on than there are places.
   */
  public void workGoesOn(boolean goesOn) {
    workGoesOn = goesOn;
    if (!goesOn && clientsTurn) {
      exchange.rest();
    }
  }

  /** From now on it is the client's turn; whether the exchange was at work. */
  private boolean await() {
    boolean atWork = exchange.isAtWork();
    clientsTurn = true;
    if (share != null) {
      share.untaken(cutForOthers());
    }
    if (!workGoesOn) {
      exchange.rest();
    }
    return atWork;
  }

  /** The client has read some. */
  private void taken(boolean atWork, Runnable goOn) {
    clientsTurn = false;
    if (share != null) {
      share.taken();
    }
    if (atWork) {
      exchange.whenPlaced(goOn);
    } else {
      exchange.guarded(goOn);
    }
  }

  /** Whether more would wait in memory until the client takes what is there; not when ended. */
  public boolean isBehind() {
    return exchange.response().writeQueueFull() || exchange.carrier().isBehind();
  }

  private void cut() {
    if (exchange.ended()) {
      exchange.carrier().abort();
    } else {
      exchange.cut(Kind.UNAVAILABLE);
    }
  }

  /** Breaks off on the event loop of the exchange, from any other one. */
  private Runnable cutForOthers() {
    Context loop = Vertx.currentContext();
    return () -> loop.runOnContext(turn -> cut());
  }

  /**
   * Answers with a long body, once there is room for it.
   *
   * @param begin sends the head
   */
  void send(Buffer whole, Runnable begin) {
    if (share == null) {
      reserve(whole.length(), () -> write(whole, begin));
    } else if (share.resize(whole.length())) {
      write(whole, begin);
    } else {
      exchange.fail(OutboundBudget.full(exchange.outcome()));
    }
  }

  /**
   * Counts a short answer that was written, where its client leaves so much unread that it waits
   * behind others.
   */
  void watch(Future<Void> taken) {
    if (exchange.carrier().leavesMuch() && !taken.isComplete()) {
      OutboundShare unread = budget.force(SHORT);
      unread.untaken(cutForOthers());
      taken.onComplete(any -> unread.giveBack());
    }
  }

  private void write(Buffer whole, Runnable begin) {
    body = whole;
    begin.run();
    goOn();
  }

  private void goOn() {
    HttpServerResponse response = exchange.response();
    while (!exchange.ended()) {
      if (response.writeQueueFull()) {
        whenDrained(this::goOn);
        return;
      }
      int from = written;
      written = Math.min(from + PIECE, body.length());
      Buffer piece = body.slice(from, written);
      if (written == body.length()) {
        response.end(piece).onFailure(OutOfMemory::heed);
        return;
      }
      Future<Void> taken = response.write(piece).onFailure(OutOfMemory::heed);
      if (exchange.carrier().isBehind()) {
        whenTaken(taken, this::goOn);
        return;
      }
    }
  }
}
