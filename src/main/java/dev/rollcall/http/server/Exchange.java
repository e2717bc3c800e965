package dev.rollcall.http.server;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.http.connections.ClientStream;
import dev.rollcall.http.connections.RequestMeters;
import dev.rollcall.wire.ProblemDocument;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer.
 *
 * <p>It ends exactly once: when the answer is whole, when the client hangs up, or when it is cut.
 * There it gives back what it holds, and is logged. Belongs to its connection's event loop.
 */
public class Exchange extends RequestAtWork implements Handler<Void> {
  private static final int HUNG_UP = 499; // Of a client that did not wait for its answer.
  private static final int SWITCHING_PROTOCOLS = 101;

  private final HttpServerResponse response;
  private CharSequence cacheControl = Fields.NO_STORE;
  private boolean bodyPending;
  private boolean closing;
  private int cutStatus;
  private @Nullable Outgoing outgoing;

  /** Made by {@link RequestAdmission} alone, which decides whether it counts as in flight. */
  public Exchange(
      RequestAdmission<?> admission,
      ClientStream carrier,
      HttpServerRequest request,
      RequestMeters.Route route) {
    super(admission, carrier, request, route);
    this.response = request.response();
    this.bodyPending = head().hasBody();
    carrier.begin();
    response.endHandler(this);
  }

  public HttpServerResponse response() {
    return response;
  }

  /** The body has been read to its end. */
  public void bodyRead() {
    bodyPending = false;
    carrier().arrived();
  }

  /** How long the answer may be kept, as the field says it; without this, not at all. */
  public void kept(CharSequence control) {
    cacheControl = control;
  }

  /** Answers with a body, or with its headers alone to HEAD. */
  public void send(int status, CharSequence contentType, Buffer body) {
    if (ended()) {
      return;
    }
    if (body.length() > Outgoing.SHORT && !head().isHead()) {
      outgoing().send(body, () -> beginLong(status, contentType, body.length()));
      return;
    }
    begin(status).set(HttpHeaders.CONTENT_TYPE, contentType);
    if (head().isHead()) {
      response.headers().set(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
    }
    rest();
    // Vert.x would send the body to HEAD over HTTP/2.
    Future<Void> taken = head().isHead() ? response.end() : response.end(body);
    if (carrier().leavesMuch()) {
      outgoing().watch(taken);
    }
  }

  /** Begins an answer that takes its client a while to read: measured by its beginning. */
  private void beginLong(int status, CharSequence contentType, int length) {
    begin(status).set(HttpHeaders.CONTENT_TYPE, contentType);
    response.headers().set(HttpHeaders.CONTENT_LENGTH, Integer.toString(length));
    detach();
  }

  /** What it has on the way to its client. */
  public Outgoing outgoing() {
    Outgoing made = outgoing;
    if (made == null) {
      made = new Outgoing(this, admission().limits().budget());
      outgoing = made;
    }
    return made;
  }

  /** What a failure after the work says of it. */
  protected String outcome() {
    return "";
  }

  /** Answers without a body. */
  public void send(int status) {
    if (!ended()) {
      begin(status);
      rest();
      response.end();
    }
  }

  /** Begins an answer of unknown length, which may last. Not to be asked when ended. */
  public HttpServerResponse stream(CharSequence contentType) {
    if (request().version() == HttpVersion.HTTP_1_0) {
      closeBehind(); // Before there were chunks, that was the end of such an answer.
    }
    lasts();
    begin(200).set(HttpHeaders.CONTENT_TYPE, contentType);
    response.setChunked(true);
    return response;
  }

  /** Answers with what a future brings, or with a problem. */
  public <T> void reply(Future<T> future, Consumer<T> whenSucceeded) {
    keepBytes(future);
    future.onComplete(result -> guarded(() -> whenSucceeded.accept(result)), this::fail);
  }

  @Override
  public void fail(Throwable cause) {
    Failure failure = Problems.failure(cause, head().id());
    fail(failure, () -> ProblemDocument.of(failure, head().id()));
  }

  /** Answers with a problem that has further members, as JSON without the braces around them. */
  public void fail(Failure failure, Buffer members) {
    fail(failure, () -> ProblemDocument.of(failure, head().id(), members));
  }

  private void fail(Failure failure, Supplier<Buffer> document) {
    if (ended()) {
      return;
    }
    admission().audit(this, failure);
    if (response.headWritten()) {
      cut(failure.kind());
      return;
    }
    if (bodyPending && Problems.giveUpBody(failure)) {
      closeBehind();
    }
    cacheControl = Fields.NO_STORE;
    Problems.putHeaders(response.headers(), failure);
    send(failure.kind().status(), Fields.PROBLEM_JSON, document.get());
  }

  /** Answers with a problem when nobody can tell any more where a next request would begin. */
  public void failFraming(Failure failure) {
    bodyPending = false;
    closeBehind();
    fail(failure);
  }

  /** Breaks off in the midst of an answer, so that no client takes it for whole. */
  void cut(Kind why) {
    cutStatus = why.status();
    carrier().abort();
  }

  /** From here on it is a stream: measured by its beginning, and not in flight. */
  public void detach() {
    lasts();
    measure(response.getStatusCode(), System.nanoTime());
    rest();
  }

  /**
   * The connection goes on with another protocol: this is over, and the connection has no deadline
   * of HTTP's any more.
   */
  public void upgraded() {
    if (ended()) {
      return;
    }
    end();
    rest();
    admission().upgraded(request().connection());
    long now = System.nanoTime();
    measure(SWITCHING_PROTOCOLS, now);
    admission().log(this, SWITCHING_PROTOCOLS, now - startedAt());
    RequestTrace.end(this, SWITCHING_PROTOCOLS);
    announceEnd();
  }

  /** This is the last answer on a connection of HTTP/1.1. */
  private void closeBehind() {
    closing = true;
    carrier().leave(response.headers());
  }

  private MultiMap begin(int status) {
    MultiMap headers = response.headers();
    if (admission().limits().draining() || (bodyPending && !head().isSmall())) {
      closeBehind();
    }
    response.setStatusCode(status);
    headers.set(Fields.REQUEST_ID, head().id());
    headers.set(Fields.CONTENT_TYPE_OPTIONS, Fields.NOSNIFF);
    headers.set(HttpHeaders.CACHE_CONTROL, cacheControl);
    return headers;
  }

  /** The end: called by Vert.x once, when the answer is written or the connection is gone. */
  @Override
  public void handle(Void end) {
    if (ended()) {
      return;
    }
    end();
    long now = System.nanoTime();
    rest();
    carrier().end(now);
    int status = cutStatus != 0 ? cutStatus : response.ended() ? response.getStatusCode() : HUNG_UP;
    measure(status, now);
    admission().log(this, status, now - startedAt());
    RequestTrace.end(this, status);
    release();
    if (closing && response.ended()) {
      carrier().closeBehind(request(), bodyPending);
    }
    announceEnd();
    if (outgoing != null) {
      outgoing.giveBack();
    }
  }
}
