package dev.rollcall.sources.bus;

import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.SourceRequest;
import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.BusFaults;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The unanswered requests to the owners of one source's address, here or on other nodes.
 *
 * <p>In a cluster a request is sent a second time, once at most and within its own deadline,
 *
 * <ul>
 *   <li>when nobody has the address, since nodes learn of each other's addresses one by one;
 *   <li>when a node is lost, if the source is repeatable. Which requests that node had is not
 *       known, so all are sent again, and the first answer counts.
 * </ul>
 *
 * <p>A timeout is not repeated here: it says more of a source than of a node, and {@code retries}
 * are for it. Safe for use by all threads.
 */
final class RemoteRequests {
  /** How long nodes may take to agree on who has an address. */
  private static final long SETTLING_MILLIS = 100;

  private final Vertx vertx;
  private final SourceSettings settings;
  private final String address;
  private final Set<Remote> unanswered = ConcurrentHashMap.newKeySet();

  RemoteRequests(Vertx vertx, SourceSettings settings, String address) {
    this.vertx = vertx;
    this.settings = settings;
    this.address = address;
  }

  /**
   * Sends a request from the caller's event loop, where the reply completes.
   *
   * @param exchange names the request to its owner
   * @param grace milliseconds after the deadline when the reply is {@code LATE}
   * @return never fails
   * @throws RuntimeException for what can't be sent as JSON
   */
  Future<SourceReply> ask(SourceRequest request, String exchange, long grace) {
    Remote remote = new Remote(request, SourceMessages.encode(request), exchange, grace);
    unanswered.add(remote);
    try {
      remote.send();
    } catch (RuntimeException e) {
      unanswered.remove(remote);
      throw e;
    }
    request.cancellation().whenCancelled(remote);
    return remote.reply.future();
  }

  /** Sends again what a lost node may have been asked. */
  void nodeLost() {
    if (settings.repeatable()) {
      List.copyOf(unanswered)
          .forEach(remote -> remote.context.runOnContext(lost -> remote.repeat()));
    }
  }

  /** Belongs to the event loop of its caller. */
  private final class Remote implements Runnable {
    private final SourceRequest request;
    private final JsonObject body;
    private final String exchange;
    private final long grace;
    private final Duration time;
    private final Context context = vertx.getOrCreateContext();
    private final Promise<SourceReply> reply = Promise.promise();
    private boolean repeated;

    /** How many of its messages have no outcome yet. */
    private int sent;

    Remote(SourceRequest request, JsonObject body, String exchange, long grace) {
      this.request = request;
      this.body = body;
      this.exchange = exchange;
      this.grace = grace;
      this.time = Duration.ofMillis(Math.max(1, request.deadline().remainingMillis()));
    }

    void send() {
      sent++;
      long millis = Math.max(1, request.deadline().remainingMillis());
      vertx
          .eventBus()
          .<Object>request(address, body, headers().setSendTimeout(millis + grace))
          .onComplete(this::answered, this::failed);
    }

    private void answered(Message<Object> message) {
      sent--;
      end(BusReply.of(message.body(), settings.answerLimit()));
    }

    private void failed(Throwable cause) {
      sent--;
      if (!repeated && vertx.isClustered() && BusFaults.isNobodyThere(cause)) {
        long half = request.deadline().remainingMillis() / 2;
        vertx.setTimer(Math.max(1, Math.min(SETTLING_MILLIS, half)), settled -> repeatOr(cause));
      } else if (sent == 0) {
        // Else the other message is still under way.
        end(BusReply.of(cause, time));
      }
    }

    private void repeatOr(Throwable cause) {
      repeat();
      if (sent == 0) {
        end(BusReply.of(cause, time));
      }
    }

    void repeat() {
      if (!repeated && isWanted()) {
        repeated = true;
        send();
      }
    }

    private boolean isWanted() {
      return unanswered.contains(this)
          && !request.cancellation().cancelled()
          && !request.deadline().passed();
    }

    private void end(SourceReply how) {
      unanswered.remove(this);
      reply.tryComplete(how);
    }

    /** Tells the owner that the answer is no longer wanted. */
    @Override
    public void run() {
      vertx
          .eventBus()
          .publish(Addresses.CANCEL, new JsonObject().put(Addresses.EXCHANGE, exchange));
    }

    private DeliveryOptions headers() {
      DeliveryOptions options =
          new DeliveryOptions()
              .addHeader(Addresses.DEADLINE_MS, Long.toString(request.deadline().toPassOn()))
              .addHeader(Addresses.EXCHANGE, exchange)
              .addHeader(Addresses.ATTEMPT, Integer.toString(request.attempt()))
              .addHeader(Addresses.ANSWER, "bytes")
              .addHeader(Addresses.REQUEST_ID, request.caller().requestId());
      request.caller().trace().forEach(options::addHeader);
      request
          .forwarded()
          .forEach((name, value) -> options.addHeader(Addresses.FORWARDED + name, value));
      return options;
    }
  }
}
