package dev.rollcall.bus;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.base.Late;
import dev.rollcall.base.Pending;
import dev.rollcall.base.TimerTable;
import dev.rollcall.budgets.OutboundBudget;
import dev.rollcall.budgets.OutboundShare;
import dev.rollcall.tracing.CurrentSpan;
import dev.rollcall.tracing.MessageTrace;
import dev.rollcall.tracing.TraceSpan;
import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.RequestHeaders;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One message and its reply.
 *
 * <p>It ends exactly once: with an answer, with a failure, or at its deadline. At its end it is
 * measured, and gives back what it holds. Belongs to the event loop of its {@link MessageServer}.
 */
abstract class Call extends Pending {

  private static final Logger LOG = LoggerFactory.getLogger(Call.class);

  static final DeliveryOptions PLAIN = new DeliveryOptions();
  static final String DEADLINE = Addresses.DEADLINE_MS;
  private static final int OK = 200;

  /** No call takes as long, so a later deadline needs no timer. */
  private static final long LONGEST_TIMER = TimeUnit.DAYS.toMillis(1);

  private final MessageServer server;
  private final ServedAddress served;
  private final TimerTable timers;
  private final Message<Object> message;
  private final long startedAt = System.nanoTime();
  private boolean counted;
  private long timer = -1;
  private @Nullable CallBytes bytes;
  private @Nullable TraceSpan span;

  Call(MessageServer server, ServedAddress served, TimerTable timers, Message<Object> message) {
    this.server = server;
    this.served = served;
    this.timers = timers;
    this.message = message;
  }

  void answer() {
    if (server.limits().tracing() != null) {
      trace();
    }
    try {
      if (!server.limits().enter()) {
        throw Failure.of(Kind.UNAVAILABLE, "too many requests are at work");
      }
      counted = true;
      MultiMap headers = message.headers();
      if (served.late() != Late.ITSELF && !headers.isEmpty()) {
        expire(RequestHeaders.millis(headers, DEADLINE, DEADLINE));
      }
      serve();
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void trace() {
    TraceContext caller = TraceContext.of(headers());
    if (beginsTrace() || caller.traceparent() != null) {
      span = MessageTrace.begin(server.limits().tracing(), served.name(), caller);
      if (span != null && span.isRecorded()) {
        CurrentSpan.set(span);
      }
    }
  }

  /** Whether it is traced also where its caller says nothing of a trace. */
  boolean beginsTrace() {
    return false;
  }

  /** Its span; null where it has none. */
  @Nullable TraceSpan span() {
    return span;
  }

  /**
   * Carries it out, now or later, by {@link #reply} or {@link #fail}.
   *
   * @throws RuntimeException becomes a failure, as if given to {@link #fail}
   */
  abstract void serve();

  private void expire(long millis) {
    if (millis > 0 && millis <= LONGEST_TIMER) {
      String why = "no answer within " + millis + " ms";
      timer = server.vertx().setTimer(millis, late -> giveUp(Kind.GATEWAY_TIMEOUT, why));
    }
  }

  /**
   * The body as the bus gives it.
   *
   * @throws Failure when it arrived as bytes that are not what they were said to be
   */
  @Nullable Object body() {
    try {
      return message.body();
    } catch (RuntimeException e) {
      throw Failure.invalid("", "a JSON object is expected");
    }
  }

  public MultiMap headers() {
    return message.headers();
  }

  /** When it arrived, on the clock of {@link System#nanoTime()}. */
  long startedAt() {
    return startedAt;
  }

  /** What it holds of the budgets; not to be asked when ended. */
  CallBytes bytes() {
    if (bytes == null) {
      bytes = new CallBytes(server.limits());
    }
    return bytes;
  }

  /** Goes on once there is room for so many bytes of an answer, unless it ends before. */
  public void reserve(long bytes, Runnable goOn) {
    OutboundShare room = budget().tryTake(bytes);
    if (room != null) {
      goOn(room, goOn);
    } else {
      reply(
          budget()
              .take(bytes, client(), false)
              .recover(fault -> Future.failedFuture(OutboundBudget.full(""))),
          granted -> goOn(granted, goOn));
    }
  }

  private void goOn(OutboundShare room, Runnable goOn) {
    if (ended()) {
      room.giveBack();
    } else {
      bytes().granted(room);
      goOn.run();
    }
  }

  public OutboundBudget budget() {
    return server.limits().budget();
  }

  void reply(Object body, DeliveryOptions options) {
    if (ended()) {
      return;
    }
    leave();
    try {
      message.reply(body, options);
      measure(OK);
    } catch (RuntimeException e) {
      // The bus copies what it delivers within this process, and could not: nothing was sent.
      send(failure(e));
    }
    finish();
  }

  public <T> void reply(Future<T> future, Consumer<T> whenSucceeded) {
    if (future.succeeded()) {
      guarded(whenSucceeded, future.result());
    } else {
      if (bytes != null) {
        bytes.keep(future);
      }
      future.onComplete(result -> guarded(whenSucceeded, result), this::fail);
    }
  }

  private <T> void guarded(Consumer<T> action, T result) {
    try {
      action.accept(result);
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  /** Fails while work for it still goes on. */
  void giveUp(Kind kind, String why) {
    fail(Failure.of(kind, served.late().outcome() + why));
  }

  void fail(Throwable cause) {
    if (!ended()) {
      leave();
      send(failure(cause));
      finish();
    }
  }

  private void send(Failure failure) {
    int code = failure.kind().status();
    message.fail(code, served.wording().apply(failure));
    measure(code);
  }

  private void measure(int code) {
    timers.record(code, System.nanoTime() - startedAt);
    MessageTrace.end(span, code);
  }

  private Failure failure(Throwable cause) {
    return Failure.from(cause, LOG, "a message to {} failed", served.name());
  }

  /** Ends, and gives back its place before its caller hears of it: the next may come at once. */
  private void leave() {
    end();
    if (timer >= 0) {
      server.vertx().cancelTimer(timer);
    }
    if (counted) {
      server.limits().leave();
    }
  }

  private void finish() {
    if (bytes != null) {
      bytes.end();
    }
    server.ended(this);
    announceEnd();
  }
}
