package dev.rollcall.sources;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.sources.SourceBreaker.Admission;
import dev.rollcall.sources.limits.AdaptiveLimit.Outcome;
import dev.rollcall.sources.limits.RateLimit;
import dev.rollcall.tracing.TraceSpan;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at the answer of a source: it waits for a permit, asks, and ends once, giving back
 * what it holds.
 *
 * <pre>
 * start ─ breaker ─ rate ─┬─ permit ──────────► asking ─► ended
 *                         └─ waiting ─ permit ──┘   any ─► ended (out of time, cancelled)
 * </pre>
 *
 * Belongs to one event loop.
 */
final class Attempt implements Runnable {
  enum Kind {
    FIRST,
    RETRY,
    HEDGE
  }

  private enum State {
    WAITING,
    ASKING,
    ENDED
  }

  /**
   * Milliseconds by which an attempt with as much time as its caller ends later, so that it is the
   * caller who reports the timeout; timers round to one.
   */
  private static final long BEHIND_CALLER = 1;

  private final SourceClient client;
  private final Loop loop;
  private final Kind kind;
  private final SourceRequest request;
  private final boolean wholeTime;
  private final SharedFetch fetch;
  private final AttemptTimes times;
  private final @Nullable TraceSpan span;
  private State state = State.WAITING;
  private Admission admission = Admission.NONE;
  private long timer = -1;

  /** Null unless it waits for the rate. */
  private @Nullable RateTurn turn;

  /**
   * An attempt that has not started.
   *
   * @param ordinal from 1: which attempt at the answer it is
   * @param number from 1: which of several URLs it asks
   * @param limit the fetch's deadline, which may shorten the source's own timeout
   */
  Attempt(
      SourceClient client,
      Loop loop,
      Kind kind,
      SourceQuery query,
      int ordinal,
      int number,
      Deadline limit,
      SharedFetch fetch) {
    this.client = client;
    this.loop = loop;
    this.kind = kind;
    this.fetch = fetch;
    Deadline own = Deadline.in(client.settings().timeout());
    this.wholeTime = own.isBefore(limit);
    this.span = AttemptTrace.begin(query.caller(), client.settings(), kind, ordinal);
    SourceQuery asked = span == null ? query : query.within(span);
    this.request = asked.attempt(number, own.earliest(limit), new Cancellation());
    this.times = new AttemptTimes(kind == Kind.HEDGE, client.pauses().url(number));
  }

  AttemptTimes times() {
    return times;
  }

  Kind kind() {
    return kind;
  }

  void start() {
    admission = client.breaker().admit();
    if (admission == Admission.NONE) {
      refuse("breaker open");
      return;
    }
    RateLimit rate = client.rate();
    if (rate == null) {
      takePermit();
      return;
    }
    turn = new RateTurn(rate, loop, this::atTurn);
    if (!turn.begin(millisLeft())) {
      client.breaker().released(admission);
      client.meters().tooOften();
      refuse("its rate has no turn within the time left");
    }
  }

  private void atTurn() {
    turn = null;
    if (client.breaker().stillAdmits(admission)) {
      takePermit();
    } else {
      refuse("breaker open");
    }
  }

  private void takePermit() {
    switch (client.permits().take(times.url(), this)) {
      case NOW -> ask();
      case LATER ->
          timer = loop.vertx().setTimer(millisLeft() + BEHIND_CALLER, late -> giveUpWaiting());
      case NEVER -> {
        client.breaker().released(admission);
        refuse("in-flight limit reached");
      }
    }
  }

  /** A permit was released for this attempt, on any thread. */
  @Override
  public void run() {
    loop.later(this::goOn);
  }

  private void goOn() {
    if (state == State.ENDED) {
      // It was given up while the permit was on its way.
      client.permits().release(times.url());
      return;
    }
    loop.vertx().cancelTimer(timer);
    if (!client.breaker().stillAdmits(admission)) {
      client.permits().release(times.url());
      refuse("breaker open");
    } else if (client.permits().keep(times.url(), millisLeft())) {
      ask();
    } else {
      giveUpWaiting();
    }
  }

  private void giveUpWaiting() {
    if (state == State.WAITING) {
      stopWaiting();
      client.permits().refused(times.url());
      refuse("in-flight limit reached, and no turn within " + took() / 1_000_000 + " ms");
    }
  }

  private void refuse(String why) {
    end(SourceStatus.REFUSED);
    fetch.ended(this, SourceReply.refused(why));
  }

  private void end(SourceStatus how) {
    state = State.ENDED;
    times.ended(how);
    AttemptTrace.end(span, times, how, request.deadline());
  }

  /** Leaves the queue; a permit that is already on its way is released when it arrives. */
  private void stopWaiting() {
    client.breaker().released(admission);
    client.permits().giveUp(times.url(), this);
    if (turn != null) {
      turn.giveUp();
    }
  }

  private void ask() {
    state = State.ASKING;
    times.asked();
    fetch.started();
    client.meters().attempt(kind);
    client.urls().begun(times.url());
    client
        .source()
        .ask(request, wholeTime ? 0 : BEHIND_CALLER)
        .onComplete(reply -> answered(reply.result()));
  }

  private void answered(SourceReply reply) {
    if (state != State.ASKING) {
      // A late reply that nobody waits for.
      return;
    }
    long took = took();
    end(reply.status());
    // A caller who leaves it less than its own timeout proves nothing.
    Deadline own = wholeTime ? request.deadline() : null;
    release(AttemptOutcomes.shown(reply, times, own));
    client.outcomes().record(reply, admission, times.url(), took, own);
    if (reply.ending() == SourceReply.Ending.LATE) {
      request.cancellation().cancel();
    }
    fetch.ended(this, reply);
  }

  /** Gives back what it took to ask. */
  private void release(Outcome shown) {
    client.urls().ended(times.url());
    client.permits().release(times.url(), times.askedAt(), shown);
  }

  /**
   * Ends the attempt without reporting to its fetch, and cancels its request.
   *
   * @param outrun whether another attempt was faster; false where nobody waits any more
   */
  void cancel(boolean outrun) {
    if (state == State.ENDED) {
      return;
    }
    if (state == State.WAITING) {
      loop.vertx().cancelTimer(timer);
      stopWaiting();
      end(SourceStatus.CANCELLED);
      return;
    }
    end(SourceStatus.CANCELLED);
    release(Outcome.GIVEN_UP);
    client.breaker().released(admission);
    if (outrun && kind != Kind.HEDGE) {
      // It would have taken longer. Hedges and callers that leave say nothing about the source.
      client.hedgeDelay().took(took());
    }
    request.cancellation().cancel();
  }

  private long millisLeft() {
    return request.deadline().remainingMillis();
  }

  private long took() {
    return System.nanoTime() - times.beganAt();
  }
}
