package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.BusFaults;
import dev.rollcall.wire.RequestIds;
import dev.rollcall.wire.StrictJson;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One question to the nodes that hold the store. What it asks for may be done twice, so it is asked
 * once more where the first node did not answer: another one, if there is another.
 *
 * <pre>
 *   no answer in time             ──▶ the next node, once, for all the time that is left
 *   no handler                    ──▶ the next node
 *   an answer, a failure, garbage ──▶ that is it
 * </pre>
 *
 * <p>The first one has 500 ms, or half of the time when there is no other to turn to. Each is told
 * what it has, so that it holds nothing for a caller that has turned away; one that says it was too
 * late is as good as one that is silent.
 */
final class OwnerCall {

  private static final Logger LOG = LoggerFactory.getLogger(OwnerCall.class);

  private static final long FIRST_ATTEMPT = 500;

  private static final String PREFIX = RequestIds.prefix();
  private static final AtomicLong EXCHANGES = new AtomicLong();

  /** What is asked for, how long that may take, and what is said when it can't be had. */
  enum Work {
    READ(Duration.ofSeconds(5), "", ""),
    WRITE(Duration.ofSeconds(5), "not written: ", "outcome-unknown: "),
    /** A long list waits for others at the store, so that nothing follows from half a second. */
    BULK(Duration.ofSeconds(20), "not written: ", "outcome-unknown: ");

    private final Duration time;
    private final String undone;
    private final String open;

    Work(Duration time, String undone, String open) {
      this.time = time;
      this.undone = undone;
      this.open = open;
    }
  }

  private final EventBus bus;
  private final OwnerRegistry owners;
  private final String address;
  private final Buffer request;
  private final Work work;
  private final Deadline deadline;

  /** By which a node that is asked is told that nobody waits any more; unlike any other. */
  private final String exchange = PREFIX + EXCHANGES.incrementAndGet();

  /** Whether a node may have got it. */
  private boolean sent;

  /** Who asks; turned when it does not wait any more. */
  private Cancellation client = new Cancellation();

  /** The node that has it now; null when there is none. */
  private volatile @Nullable String asked;

  OwnerCall(EventBus bus, OwnerRegistry owners, String address, Buffer request, Work work) {
    this.bus = bus;
    this.owners = owners;
    this.address = address;
    this.request = request;
    this.work = work;
    this.deadline = Deadline.in(work.time);
  }

  /**
   * Asks for a client that may turn away: then no other node is asked, and the one that is told.
   */
  OwnerCall unless(Cancellation gone) {
    client = gone;
    return this;
  }

  private void abandon() {
    String node = asked;
    if (node != null) {
      bus.send(Addresses.at(node, Addresses.USERS_READ_CANCEL), exchange);
    }
  }

  /**
   * Asks.
   *
   * @return the reply; fails with the {@link Failure} that a node replied, or with {@code
   *     UNAVAILABLE}
   */
  Future<JsonNode> ask() {
    String node = owners.next(null);
    if (node == null) {
      return Future.failedFuture(unreachable());
    }
    long half = Math.max(1, deadline.remainingMillis() / 2);
    boolean hurry = work != Work.BULK && owners.hasOther(node);
    return send(node, hurry ? Math.min(FIRST_ATTEMPT, half) : half)
        .recover(
            fault ->
                BusFaults.isNobodyThere(fault) || isLate(fault)
                    ? again(node)
                    : Future.failedFuture(told(fault)));
  }

  private Future<JsonNode> again(String asked) {
    String node = owners.next(asked);
    if (node == null || deadline.passed()) {
      return Future.failedFuture(unreachable());
    }
    if (client.cancelled()) {
      return Future.failedFuture(unanswered("nobody waits for it any more"));
    }
    // A node without a handler costs no time and is forgotten, so this comes to an end.
    return send(node, deadline.remainingMillis())
        .recover(
            fault ->
                BusFaults.isNobodyThere(fault) ? again(node) : Future.failedFuture(told(fault)));
  }

  private Future<JsonNode> send(String node, long millis) {
    DeliveryOptions options =
        new DeliveryOptions()
            .setSendTimeout(Math.max(1, millis))
            // A little less, so that its answer still counts.
            .addHeader(Addresses.DEADLINE_MS, Long.toString(Math.max(1, millis - 1)))
            .addHeader(Addresses.EXCHANGE, exchange);
    asked = node;
    client.whenCancelled(this::abandon);
    return bus.<Object>request(Addresses.at(node, address), request, options)
        .onComplete(any -> asked = null)
        .onComplete(reply -> owners.answered(node), fault -> failed(node, fault))
        .map(reply -> read(reply.body()));
  }

  private void failed(String node, Throwable fault) {
    if (BusFaults.isNobodyThere(fault)) {
      owners.left(node);
      return;
    }
    sent = true;
    if (isLate(fault)) {
      owners.timedOut(node);
    } else if (fault instanceof ReplyException) {
      owners.answered(node);
    }
  }

  private static boolean isLate(Throwable fault) {
    return BusFaults.isTimeout(fault)
        || (fault instanceof ReplyException reply
            && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE
            && reply.failureCode() == Kind.GATEWAY_TIMEOUT.status());
  }

  private JsonNode read(Object body) {
    if (body instanceof Buffer text) {
      try {
        return StrictJson.read(text.getBytes());
      } catch (Failure e) {
        throw nonsense(e);
      }
    }
    throw nonsense(null);
  }

  /** What the caller is told of a last fault. */
  private Failure told(Throwable fault) {
    if (fault instanceof Failure failure) {
      return failure;
    }
    if (!(fault instanceof ReplyException reply)) {
      return nonsense(fault);
    }
    if (isLate(fault)) {
      return unanswered("the node that holds the store did not answer in time");
    }
    return switch (reply.failureType()) {
      case RECIPIENT_FAILURE -> replied(reply);
      case NO_HANDLERS -> unreachable();
      case TIMEOUT, ERROR -> nonsense(fault);
    };
  }

  private Failure replied(ReplyException reply) {
    try {
      return WireFailures.decode(String.valueOf(reply.getMessage()));
    } catch (RuntimeException e) {
      return nonsense(e);
    }
  }

  private Failure unreachable() {
    return unanswered("no node that holds the store can be reached");
  }

  /** Nobody has answered; whether it was done is known only if nobody was reached. */
  private Failure unanswered(String why) {
    return Failure.of(Kind.UNAVAILABLE, (sent ? work.open : work.undone) + why);
  }

  /** A reply that can't be made sense of: what was asked for may be done. */
  Failure nonsense(@Nullable Throwable cause) {
    LOG.error("a node that holds the store replied what can't be read", cause);
    return Failure.of(
        Kind.UNAVAILABLE, work.open + "the node that holds the store can't be understood");
  }
}
