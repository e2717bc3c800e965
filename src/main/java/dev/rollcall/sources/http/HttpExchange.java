package dev.rollcall.sources.http;

import dev.rollcall.base.Failure;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.cache.CacheFields;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at an answer over HTTP. Belongs to the event loop of its source.
 *
 * <pre>
 *   CONNECTING ──► ASKING ──► READING ──► OVER        the answer is whole, or broke off
 *       │             └──────────┴──► DRAINING ──► OVER    the rest of the body is not wanted
 *       └ cancelled ─► ABANDONED ──► OVER             the connection is given back when it comes
 * </pre>
 *
 * In other stages a cancellation resets the exchange. A kept connection that ends as it is used
 * again leads from ASKING back to CONNECTING, once. The reply completes on the first way to
 * DRAINING, ABANDONED or OVER.
 */
final class HttpExchange {
  /** Nobody reads its text. */
  static final SourceReply CANCELLED = SourceReply.late("no answer in time");

  private static final int SWITCHING_PROTOCOLS = 101;

  /** An unwanted body is read so far, so that the connection can be used again. */
  private static final int DRAIN_BYTES = 64 * 1024;

  private static final long DRAIN_MILLIS = 1000;

  /** Connecting and the TLS handshake take no longer than the source's timeout each. */
  private static final long GRACE_MILLIS = 1000;

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
  private final HttpAttempt attempt;
  private final HttpSource source;
  private final Promise<SourceReply> reply = Promise.promise();
  private Stage stage = Stage.CONNECTING;
  private @Nullable HttpClient client;
  private @Nullable HttpClientRequest request;
  private @Nullable AnswerBody body;
  private @Nullable CacheFields fields;
  private int drained;

  /** Whether the request is sent for the second time. */
  private boolean again;

  /** Ends draining, or waiting while abandoned. */
  private long timer = -1;

  HttpExchange(Vertx vertx, HttpAttempt attempt, HttpSource source) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.attempt = attempt;
    this.source = source;
  }

  /** Sends the request. The reply never fails. */
  Future<SourceReply> begin(HttpClient client, RequestOptions options) {
    attempt.request().cancellation().whenCancelled(() -> context.runOnContext(turned -> cancel()));
    connect(client, options);
    return reply.future();
  }

  private void connect(HttpClient client, RequestOptions options) {
    this.client = client;
    try {
      attempt.connect(client, options).onComplete(this::connected, this::broke);
    } catch (IllegalStateException e) {
      over(SourceReply.broken("its client is closed"));
    }
  }

  /** Ends it unless its reply is known. */
  void cancel() {
    if (stage == Stage.CONNECTING) {
      abandon();
    } else if (stage == Stage.ASKING || stage == Stage.READING) {
      reset();
      if (request != null && request.version() == HttpVersion.HTTP_2) {
        source.probe(request.connection());
      }
    }
  }

  private void abandon() {
    stage = Stage.ABANDONED;
    source.abandoned(this);
    long longest = attempt.settings().timeout().toMillis() + GRACE_MILLIS;
    timer =
        vertx.setTimer(
            longest,
            late -> {
              if (client != null) {
                source.stuck(attempt.url(), client);
              }
            });
    reply.tryComplete(CANCELLED);
  }

  private void connected(HttpClientRequest connected) {
    // Without a handler, what breaks later would be logged.
    connected.exceptionHandler(failure -> {});
    if (stage == Stage.ABANDONED) {
      HttpConnections.giveBack(connected);
      over(CANCELLED);
      return;
    }
    try {
      attempt.putHeaders(connected);
    } catch (IllegalArgumentException e) {
      HttpConnections.giveBack(connected);
      over(SourceReply.rejected("a request with a malformed header"));
      return;
    }
    stage = Stage.ASKING;
    request = connected;
    connected.response().onComplete(this::answered, this::broke);
    attempt.send(connected);
  }

  private void answered(HttpClientResponse response) {
    if (stage != Stage.ASKING) {
      return;
    }
    response.exceptionHandler(this::broke);
    if (response.statusCode() == SWITCHING_PROTOCOLS) {
      // What follows would be another protocol, which nobody asked for.
      over(SourceReply.rejected("status " + SWITCHING_PROTOCOLS));
      reset();
      return;
    }
    long pause = AnswerHead.pause(response);
    if (pause > 0) {
      source.pause(attempt.url(), pause);
    }
    response.endHandler(ended -> ended());
    fields = attempt.fields(response);
    SourceReply ending = attempt.ending(response);
    response.handler(this::received);
    if (ending == null) {
      stage = Stage.READING;
      body = new AnswerBody(attempt.settings().answerLimit(), AnswerHead.isPacked(response));
    } else {
      drain(ending);
    }
  }

  private void received(Buffer chunk) {
    if (stage == Stage.READING && body != null) {
      try {
        body.offer(chunk);
      } catch (Failure e) {
        drain(Breakage.unusable(e));
      }
    } else if (stage == Stage.DRAINING) {
      drained += chunk.length();
      if (drained > DRAIN_BYTES) {
        reset();
      }
    }
  }

  private void ended() {
    if (stage != Stage.READING || body == null) {
      over(CANCELLED);
      return;
    }
    over(Breakage.ended(body));
  }

  /** Completes the reply, and reads on so that the connection can be used again. */
  private void drain(SourceReply ending) {
    stage = Stage.DRAINING;
    source.drains(this);
    timer = vertx.setTimer(DRAIN_MILLIS, late -> reset());
    complete(ending);
  }

  private void complete(SourceReply ending) {
    boolean isPlain = fields == null || ending.equals(AnswerHead.UNAUTHORIZED);
    reply.tryComplete(isPlain ? ending : ending.with(fields));
  }

  private void broke(Throwable failure) {
    if (stage == Stage.ASKING
        && !again
        && request != null
        && Breakage.isUnread(failure, request.connection(), attempt.settings().repeatable())) {
      askAgain();
    } else {
      over(Breakage.reply(failure));
    }
  }

  /** Sends the request once more, over another connection; this is no failed attempt. */
  private void askAgain() {
    again = true;
    stage = Stage.CONNECTING;
    boolean http1 = request != null && request.version() != HttpVersion.HTTP_2;
    request = null;
    connect(
        http1 ? source.withNewConnections(attempt.url()) : source.client(attempt.url()),
        attempt.options());
  }

  void reset() {
    over(CANCELLED);
    if (request != null) {
      request.reset(HttpConnections.CANCEL);
    }
  }

  private void over(SourceReply ending) {
    if (stage == Stage.OVER) {
      return;
    }
    stage = Stage.OVER;
    if (body != null) {
      body.close();
      body = null;
    }
    if (timer >= 0) {
      vertx.cancelTimer(timer);
    }
    source.over(this);
    complete(ending);
  }
}
