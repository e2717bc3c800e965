package dev.rollcall.sources.bus;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.sources.Source;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.SourceRequest;
import dev.rollcall.tracing.MessageTrace;
import dev.rollcall.tracing.TraceSpan;
import dev.rollcall.tracing.Tracing;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Serves the attempts of other processes, on one event loop. Each has a timer, since its caller may
 * be gone; {@link Addresses#CANCEL} ends it earlier.
 *
 * <p>Replies: any JSON value, or its text with {@code answer: bytes}; else a failure with the code
 * 404 absent, 429 refused, 502 broken, 422 unusable, 504 late, 400 malformed.
 */
final class WireExchanges {
  private static final int OK = 200;

  private final Vertx vertx;
  private final SourceSettings settings;
  private final Source source;
  private final @Nullable Tracing tracing;

  /** By the exchange that the caller named. */
  private final Map<String, Cancellation> cancellable = new HashMap<>();

  /**
   * None under way.
   *
   * @param tracing null where nothing is traced
   */
  WireExchanges(Vertx vertx, SourceSettings settings, Source source, @Nullable Tracing tracing) {
    this.tracing = tracing;
    this.vertx = vertx;
    this.settings = settings;
    this.source = source;
  }

  void serve(Message<Object> message) {
    try {
      serve(message, SourceMessages.decode(message.body(), message.headers(), settings));
    } catch (Failure e) {
      message.fail(e.kind().status(), e.sentence());
    }
  }

  private void serve(Message<Object> message, SourceRequest asked) {
    TraceSpan span = MessageTrace.begin(tracing, message.address(), asked.caller().trace());
    // The attempt that a caller has sent goes on as it is: what is asked belongs right below it.
    boolean isOwn = span != null && asked.caller().trace().traceparent() == null;
    SourceRequest request = span != null && isOwn ? asked.within(span) : asked;
    Cancellation cancellation = request.cancellation();
    long timer =
        vertx.setTimer(
            Math.max(1, request.deadline().remainingMillis()), late -> cancellation.cancel());
    String exchange = message.headers().get(Addresses.EXCHANGE);
    if (exchange != null) {
      Cancellation before = cancellable.put(exchange, cancellation);
      if (before != null) {
        // The caller sent it again and waits for the second answer.
        before.cancel();
      }
    }
    source
        .ask(request, 0)
        .onSuccess(
            reply -> {
              vertx.cancelTimer(timer);
              if (exchange != null) {
                cancellable.remove(exchange, cancellation);
              }
              reply(message, reply);
              MessageTrace.end(span, reply.value() == null ? code(reply.ending()) : OK);
            });
  }

  void cancel(Message<Object> message) {
    // Anybody may publish; what can't be read is ignored.
    if (message.body() instanceof JsonObject body
        && body.getValue(Addresses.EXCHANGE) instanceof String exchange) {
      Cancellation cancellation = cancellable.remove(exchange);
      if (cancellation != null) {
        cancellation.cancel();
      }
    }
  }

  private static void reply(Message<Object> message, SourceReply reply) {
    if (reply.value() == null) {
      message.fail(code(reply.ending()), reply.detail());
    } else if ("bytes".equals(message.headers().get(Addresses.ANSWER))) {
      message.reply(reply.value());
    } else {
      try {
        message.reply(sendable(Json.decodeValue(reply.value())));
      } catch (DecodeException e) {
        message.fail(code(SourceReply.Ending.REJECTED), "an answer that can only be had as bytes");
      }
    }
  }

  /** The event bus carries integers of at most 64 bits, unless they stand within a value. */
  private static @Nullable Object sendable(@Nullable Object value) {
    return value instanceof BigInteger number ? (Object) number.doubleValue() : value;
  }

  private static int code(SourceReply.Ending ending) {
    return switch (ending) {
      case OK, UNCHANGED -> throw new IllegalArgumentException("an answer is no failure");
      case ABSENT -> 404;
      case REJECTED -> 422;
      case REFUSED -> 429;
      case BROKEN -> 502;
      case LATE -> 504;
    };
  }
}
