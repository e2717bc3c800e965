package dev.rollcall.sources;

import dev.rollcall.config.SourceSettings;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Asks a source over the event bus: its instance on this event loop where there is one, by
 * reference; else whoever owns its address, in JSON ({@link RemoteQuestions}). Safe for use by all
 * threads.
 */
final class SourceAsking {

  /**
   * A question that was sent.
   *
   * @param reply never fails
   * @param exchange what names it to an owner that may be elsewhere; null where its cancellation is
   *     shared
   */
  record Asked(Future<SourceReply> reply, @Nullable String exchange) {}

  private final Vertx vertx;
  private final SourceSettings settings;
  private final LocalSources local;
  private final RemoteQuestions remote;

  /** What our exchanges begin with; random, so that nodes do not share one. */
  private final String prefix =
      Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), 36) + '-';

  private final AtomicLong exchanges = new AtomicLong();

  SourceAsking(Vertx vertx, SourceSettings settings, LocalSources local) {
    this.vertx = vertx;
    this.settings = settings;
    this.local = local;
    String own = settings.address();
    this.remote =
        new RemoteQuestions(vertx, settings, own == null ? Addresses.source(settings.name()) : own);
  }

  /** Whether the answer is that of a URL, asked by this process, and depends on nothing else. */
  boolean byUrl() {
    return settings.address() == null
        && settings.method() == SourceSettings.Method.GET
        && local.nearest(settings.name()) != null;
  }

  /**
   * Sends a question from the caller's event loop, where its reply is told. Never throws.
   *
   * @param grace milliseconds after the request's deadline when the reply is that it is late
   */
  Asked ask(SourceRequest request, long grace) {
    try {
      return send(request, grace);
    } catch (RuntimeException e) {
      // An answer of another source may be valid and still be more than the event bus's own codec
      // takes, such as a member with a very long name.
      return new Asked(
          Future.succeededFuture(SourceReply.rejected("it can't be sent what it needs")), null);
    }
  }

  private Asked send(SourceRequest request, long grace) {
    String here = settings.address() == null ? local.nearest(settings.name()) : null;
    if (here != null) {
      return new Asked(nearest(here, request, grace), null);
    }
    String exchange = prefix + Long.toString(exchanges.incrementAndGet(), 36);
    return new Asked(remote.ask(request, exchange, grace), exchange);
  }

  private Future<SourceReply> nearest(String here, SourceRequest request, long grace) {
    long millis = Math.max(1, request.deadline().remainingMillis());
    Duration time = Duration.ofMillis(millis);
    return vertx
        .eventBus()
        .<Object>request(
            here, request, new DeliveryOptions().setLocalOnly(true).setSendTimeout(millis + grace))
        .transform(
            message ->
                Future.succeededFuture(
                    message.succeeded()
                        ? BusReply.of(body(message.result()), settings.answerLimit())
                        : BusReply.of(message.cause(), time)));
  }

  /** Another node is gone: what it may have been asked is asked again, where that does no harm. */
  void nodeLost() {
    remote.nodeLost();
  }

  private static @Nullable Object body(Message<Object> message) {
    return message.body();
  }

  /** Tells the owner of an exchange that its answer is no longer wanted. */
  void cancel(String exchange) {
    vertx.eventBus().publish(Addresses.CANCEL, new JsonObject().put(Addresses.EXCHANGE, exchange));
  }
}
