package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.tracing.CurrentSpan;
import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.Addresses.Kept;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call to the nodes that hold the store. Every call is safe to repeat, so where the first node
 * does not answer, it is sent once more: to another node, if there is one.
 *
 * <pre>
 *   no answer in time             ──▶ the next node, once, for all the time that is left
 *   no handler                    ──▶ the next node
 *   an answer, a failure, garbage ──▶ the result
 * </pre>
 *
 * <p>The first node has 500 ms, or half of the time when there is no other one. Each is told its
 * deadline, so that it does no work for a caller that has given up; one that replies that it was
 * too late counts as silent.
 */
final class OwnerCall {
  private static final Logger LOG = LoggerFactory.getLogger(OwnerCall.class);
  private static final long FIRST_ATTEMPT = 500;

  private static final String PREFIX = RequestIds.prefix();
  private static final AtomicLong EXCHANGES = new AtomicLong();

  /**
   * What is called for.
   *
   * @param time how long it may take
   * @param hurries whether another node is asked where the first is silent for half a second
   */
  record Work(String address, Duration time, boolean hurries) {
    static final Work READ = new Work(Addresses.USERS_READ, Duration.ofSeconds(5), true);
    static final Work WRITE = new Work(Addresses.USERS_WRITE, Duration.ofSeconds(5), true);

    /** A long list waits its turn at the store, so that half a second of silence says nothing. */
    static final Work BULK = new Work(Addresses.USERS_WRITE, Duration.ofSeconds(20), false);

    /** A receiver has 15 s to answer the first node, which is asked for half of this. */
    static final Work WEBHOOKS_TEST =
        new Work(Kept.WEBHOOKS.write(), Duration.ofSeconds(40), false);

    /** Reads of what is kept beside users. */
    static Work read(Kept kept) {
      return new Work(kept.read(), Duration.ofSeconds(5), true);
    }

    /** Changes of what is kept beside users. */
    static Work write(Kept kept) {
      return new Work(kept.write(), Duration.ofSeconds(5), true);
    }

    /** What a failure says of work that changes something. */
    private String outcome(boolean sent) {
      return address.endsWith(".read") ? "" : sent ? "outcome-unknown: " : "not written: ";
    }
  }

  private final EventBus bus;
  private final OwnerRegistry owners;
  private final Buffer request;
  private final Work work;
  private final Deadline deadline;

  /** By which a node is told that nobody waits for it any more. */
  private final String exchange = PREFIX + EXCHANGES.incrementAndGet();

  private final Cancellation client;
  private boolean sent;

  /** The node that has it now; null when there is none. */
  private volatile @Nullable String current;

  /**
   * A call that is not made yet.
   *
   * @param client when it gives up on a read, the node that has the call is told, and no other one
   *     gets it
   */
  OwnerCall(EventBus bus, OwnerRegistry owners, Buffer request, Work work, Cancellation client) {
    this.bus = bus;
    this.owners = owners;
    this.request = request;
    this.work = work;
    this.client = client;
    this.deadline = Deadline.in(work.time);
  }

  private void abandon() {
    String node = current;
    if (node != null) {
      bus.send(Addresses.at(node, Addresses.USERS_READ_CANCEL), exchange);
    }
  }

  /**
   * Makes the call.
   *
   * @return the reply; fails with the {@link Failure} that a node replied, or with {@code
   *     UNAVAILABLE}
   */
  Future<JsonNode> send() {
    String node = owners.next(null);
    if (node == null) {
      return Future.failedFuture(unreachable());
    }
    long half = Math.max(1, deadline.remainingMillis() / 2);
    boolean hurry = work.hurries && owners.hasOther(node);
    return send(node, hurry ? Math.min(FIRST_ATTEMPT, half) : half)
        .recover(
            fault ->
                BusFaults.isNobodyThere(fault) || isLate(fault)
                    ? again(node)
                    : Future.failedFuture(failure(fault)));
  }

  private Future<JsonNode> again(String silent) {
    String node = owners.next(silent);
    if (node == null || deadline.passed()) {
      return Future.failedFuture(unreachable());
    }
    if (client.cancelled()) {
      return Future.failedFuture(unanswered("nobody waits for it any more"));
    }
    // A node without a handler costs no time and is forgotten, so this ends.
    return send(node, deadline.remainingMillis())
        .recover(
            fault ->
                BusFaults.isNobodyThere(fault) ? again(node) : Future.failedFuture(failure(fault)));
  }

  private Future<JsonNode> send(String node, long millis) {
    DeliveryOptions options =
        new DeliveryOptions()
            .setSendTimeout(Math.max(1, millis))
            // A little less, so that an answer at its deadline still arrives.
            .addHeader(Addresses.DEADLINE_MS, Long.toString(Math.max(1, millis - 1)))
            .addHeader(Addresses.EXCHANGE, exchange);
    CurrentSpan.passOn(options::addHeader);
    current = node;
    client.whenCancelled(this::abandon);
    return bus.<Object>request(Addresses.at(node, work.address), request, options)
        .onComplete(any -> current = null)
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
        throw unreadable(e);
      }
    }
    throw unreadable(null);
  }

  private Failure failure(Throwable fault) {
    if (fault instanceof Failure failure) {
      return failure;
    }
    if (!(fault instanceof ReplyException reply)) {
      return unreadable(fault);
    }
    if (isLate(fault)) {
      return unanswered("the node that holds the store did not answer in time");
    }
    return switch (reply.failureType()) {
      case RECIPIENT_FAILURE -> replied(reply);
      case NO_HANDLERS -> unreachable();
      case TIMEOUT, ERROR -> unreadable(fault);
    };
  }

  private Failure replied(ReplyException reply) {
    try {
      return WireFailures.decode(String.valueOf(reply.getMessage()));
    } catch (RuntimeException e) {
      return unreadable(e);
    }
  }

  private Failure unreachable() {
    return unanswered("no node that holds the store can be reached");
  }

  /** No node has answered; that it was not done is known only if none was reached. */
  private Failure unanswered(String why) {
    return Failure.of(Kind.UNAVAILABLE, work.outcome(sent) + why);
  }

  /** What a reply says. */
  <T> T answer(JsonNode reply, Function<JsonNode, T> reader) {
    try {
      return reader.apply(reply.required("answer"));
    } catch (RuntimeException e) {
      throw unreadable(e);
    }
  }

  /** The failure for a reply that can't be read: the work may have been done. */
  Failure unreadable(@Nullable Throwable cause) {
    LOG.error("a node that holds the store replied what can't be read", cause);
    return Failure.of(
        Kind.UNAVAILABLE, work.outcome(true) + "the node that holds the store can't be understood");
  }
}
