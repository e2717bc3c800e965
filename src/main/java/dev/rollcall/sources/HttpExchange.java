package dev.rollcall.sources;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.SourceSettings;
import dev.rollcall.config.SourceSettings.Method;
import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.JsonIntake;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at an answer over HTTP. All of it runs on the event loop that began it.
 *
 * <pre>
 *   CONNECTING ──► ASKING ──► READING ──► OVER        the answer is whole, or broke off
 *       │             └──────────┴──► DRAINING ──► OVER    what comes is not wanted
 *       └ cancelled ─► ABANDONED ──► OVER             a connection that is waited for can't be
 *                                                     refused: it is given back when it comes
 * </pre>
 *
 * Elsewhere a cancellation leads to OVER at once: the exchange is reset, so that the source sees it
 * too. The reply is given on the way to DRAINING, ABANDONED and OVER, whichever is first.
 */
final class HttpExchange {

  /** Nobody waits for this, so it is not told how long there was. */
  static final SourceReply CANCELLED = SourceReply.late("no answer in time");

  /** The error code of HTTP/2 for an exchange that is no longer wanted. */
  private static final long CANCEL = 8;

  /** So much of a body that is not wanted is read, so that the connection can be used again. */
  private static final int DRAIN_BYTES = 64 * 1024;

  private static final long DRAIN_MILLIS = 1000;

  private enum Stage {
    CONNECTING,
    ABANDONED,
    ASKING,
    READING,
    DRAINING,
    OVER
  }

  private final Vertx vertx;
  private final Context context;
  private final SourceSettings settings;
  private final SourceRequest asked;
  private final Consumer<HttpExchange> whenOver;
  private final Promise<SourceReply> reply = Promise.promise();
  private Stage stage = Stage.CONNECTING;
  private @Nullable HttpClientRequest request;
  private @Nullable JsonIntake intake;
  private int drained;
  private long drainTimer = -1;

  /**
   * An exchange that has not begun.
   *
   * @param whenOver told once, when it takes up nothing any more
   */
  HttpExchange(
      Vertx vertx, SourceSettings settings, SourceRequest asked, Consumer<HttpExchange> whenOver) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.settings = settings;
    this.asked = asked;
    this.whenOver = whenOver;
  }

  /** Asks. The reply never fails. */
  Future<SourceReply> begin(HttpClient client, RequestOptions options) {
    asked.cancellation().whenCancelled(() -> context.runOnContext(turned -> cancel()));
    try {
      client.request(options).onComplete(this::connected, this::broke);
    } catch (IllegalStateException e) {
      over(SourceReply.broken("its client is closed"));
    }
    return reply.future();
  }

  /** Ends it, unless it has ended. */
  void cancel() {
    if (stage == Stage.CONNECTING) {
      stage = Stage.ABANDONED;
      reply.tryComplete(CANCELLED);
    } else if (stage != Stage.ABANDONED) {
      reset(CANCELLED);
    }
  }

  private void connected(HttpClientRequest connected) {
    // Without a handler, what breaks later would be logged.
    connected.exceptionHandler(failure -> {});
    if (stage == Stage.ABANDONED) {
      giveBack(connected);
      over(CANCELLED);
      return;
    }
    try {
      putHeaders(connected);
    } catch (IllegalArgumentException e) {
      giveBack(connected);
      over(SourceReply.rejected("a request with a malformed header"));
      return;
    }
    stage = Stage.ASKING;
    request = connected;
    connected.response().onComplete(this::answered, this::broke);
    if (settings.method() == Method.POST) {
      connected.send(SourceMessages.text(asked));
    } else {
      connected.send();
    }
  }

  /**
   * Gives a connection back that was not used. A stream of HTTP/2 is held by the pool until it was
   * opened and closed, so it is opened with what asks for nothing.
   */
  private static void giveBack(HttpClientRequest unused) {
    if (unused.version() == HttpVersion.HTTP_2) {
      unused.setMethod(HttpMethod.OPTIONS).setURI("*").sendHead();
    }
    unused.reset(CANCEL);
  }

  private void putHeaders(HttpClientRequest to) {
    to.putHeader(HttpHeaders.ACCEPT, "application/json");
    if (settings.method() == Method.POST) {
      to.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    }
    settings.headers().forEach(to::putHeader);
    to.putHeader("rollcall-deadline-ms", Long.toString(asked.deadline().toPassOn()));
    to.putHeader(Addresses.REQUEST_ID, asked.caller().requestId());
    String traceparent = asked.caller().traceparent();
    if (traceparent != null) {
      to.putHeader(Addresses.TRACEPARENT, traceparent);
    }
  }

  private void answered(HttpClientResponse response) {
    if (stage != Stage.ASKING) {
      return;
    }
    response.exceptionHandler(this::broke);
    response.endHandler(ended -> ended());
    SourceReply ending = AnswerHead.ending(response, settings.answerLimit());
    response.handler(this::received);
    if (ending == null) {
      stage = Stage.READING;
      intake = new JsonIntake(settings.answerLimit());
    } else {
      drain(ending);
    }
  }

  private void received(Buffer chunk) {
    if (stage == Stage.READING && intake != null) {
      try {
        intake.offer(chunk);
      } catch (Failure e) {
        drain(unusable(e));
      }
    } else if (stage == Stage.DRAINING) {
      drained += chunk.length();
      if (drained > DRAIN_BYTES) {
        reset(CANCELLED);
      }
    }
  }

  private void ended() {
    if (stage != Stage.READING || intake == null) {
      over(CANCELLED);
      return;
    }
    SourceReply ending;
    try {
      ending = SourceReply.ok(intake.end());
    } catch (Failure e) {
      ending = unusable(e);
    }
    over(ending);
  }

  private static SourceReply unusable(Failure fault) {
    return SourceReply.rejected(
        fault.kind() == Kind.TOO_LARGE ? fault.detail() : "invalid JSON: " + fault.detail());
  }

  /** The reply is known, and the rest of the body is not part of it. */
  private void drain(SourceReply ending) {
    stage = Stage.DRAINING;
    drainTimer = vertx.setTimer(DRAIN_MILLIS, late -> reset(CANCELLED));
    reply.tryComplete(ending);
  }

  private void broke(Throwable failure) {
    over(Breakage.reply(failure));
  }

  private void reset(SourceReply ending) {
    if (stage != Stage.OVER) {
      over(ending);
      if (request != null) {
        request.reset(CANCEL);
      }
    }
  }

  private void over(SourceReply ending) {
    if (stage == Stage.OVER) {
      return;
    }
    stage = Stage.OVER;
    if (intake != null) {
      intake.close();
    }
    vertx.cancelTimer(drainTimer);
    whenOver.accept(this);
    reply.tryComplete(ending);
  }
}
