package dev.rollcall.http.server;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.base.Pending;
import dev.rollcall.wire.ProblemDocument;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer.
 *
 * <p>It ends exactly once, whatever happens: when the answer is whole, when the client hangs up, or
 * when we cut the connection. Its end is where what it holds is given back, and where it is
 * measured and logged. Belongs to the event loop of its connection.
 */
public class Exchange extends Pending implements Handler<Void> {

  /** What is logged and counted for a client that did not wait for its answer. */
  private static final int HUNG_UP = 499;

  private static final int SWITCHING_PROTOCOLS = 101;

  /** Between two looks for a place, in milliseconds. */
  public static final long RETRY = 50;

  private final Guard<?> guard;
  private final ClientConnection connection;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final RequestHead head;
  private final long startedAt;
  private RequestMeters.Route route;
  private CharSequence cacheControl = Fields.NO_STORE;
  private @Nullable RequestBytes bytes;
  private boolean counted;
  private boolean bodyPending;
  private boolean closing;
  private boolean measured;
  private int cutStatus;
  private @Nullable Outgoing outgoing;

  /** Made by {@link Guard} alone, which decides whether the request counts as in flight. */
  public Exchange(
      Guard<?> guard,
      ClientConnection connection,
      HttpServerRequest request,
      RequestMeters.Route route) {
    this.startedAt = System.nanoTime();
    this.guard = guard;
    this.connection = connection;
    this.request = request;
    this.response = request.response();
    this.route = route;
    this.head = RequestHead.of(request, guard);
    this.bodyPending = head.hasBody();
    connection.begin();
    response.endHandler(this);
  }

  public HttpServerRequest request() {
    return request;
  }

  public HttpServerResponse response() {
    return response;
  }

  public MultiMap requestHeaders() {
    return request.headers();
  }

  public ClientConnection connection() {
    return connection;
  }

  public RequestHead head() {
    return head;
  }

  /** The router has found its route. */
  public void matched(RequestMeters.Route meters) {
    route = meters;
  }

  /** When it began, on the clock of {@link System#nanoTime()}. */
  protected long startedAt() {
    return startedAt;
  }

  /** Counts from now on as in flight, until the end or {@link #detach}. */
  void count() {
    counted = true;
  }

  /** The client is at work and not we: it has no place among the requests at work meanwhile. */
  public void rest() {
    release();
  }

  /** Takes a place again; false where there are too many requests at work. */
  public boolean work() {
    counted = counted || (!ended() && guard.gate().enterIfRoom());
    return counted;
  }

  /** Takes a place again, or answers that there is none; true where there is one. */
  boolean workOrFail() {
    if (!counted && !guard.gate().enter()) {
      fail(Guard.tooMany());
      return false;
    }
    counted = true;
    return true;
  }

  /** What it holds of memory; not to be asked when ended. */
  public RequestBytes bytes() {
    RequestBytes made = bytes;
    if (made == null) {
      made = new RequestBytes(guard.gate(), connection.share());
      bytes = made;
    }
    return made;
  }

  /** The body has been read to its end. */
  public void bodyRead() {
    bodyPending = false;
    connection.arrived();
  }

  /** The answer is about users: the client may keep it, and ask whether it still holds. */
  protected void revalidated() {
    cacheControl = Fields.REVALIDATE;
  }

  /** Answers with a body, or with its headers alone to HEAD. */
  public void send(int status, CharSequence contentType, Buffer body) {
    if (ended()) {
      return;
    }
    if (body.length() > Outgoing.SHORT && !head.isHead()) {
      outgoing().send(body, () -> beginLong(status, contentType, body.length()));
      return;
    }
    begin(status).set(HttpHeaders.CONTENT_TYPE, contentType);
    if (head.isHead()) {
      response.headers().set(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
    }
    release();
    Future<Void> taken = response.end(body);
    if (leavesMuch()) {
      outgoing().watch(taken);
    }
  }

  /** Begins an answer that takes its client a while to read: measured by its beginning. */
  private void beginLong(int status, CharSequence contentType, int length) {
    MultiMap headers = begin(status);
    headers.set(HttpHeaders.CONTENT_TYPE, contentType);
    headers.set(HttpHeaders.CONTENT_LENGTH, Integer.toString(length));
    detach();
  }

  /** Whether its client leaves more unread than the connection should hold. */
  boolean leavesMuch() {
    return request.connection() instanceof ConnectionBase base && !base.channel().isWritable();
  }

  /** What it has on the way to its client. */
  public Outgoing outgoing() {
    Outgoing made = outgoing;
    if (made == null) {
      made = new Outgoing(this, guard.budget());
      outgoing = made;
    }
    return made;
  }

  /** What a failure that comes after the work must say of it. */
  protected String outcome() {
    return "";
  }

  /** Answers without a body. */
  public void send(int status) {
    if (!ended()) {
      begin(status);
      release();
      response.end();
    }
  }

  /** Begins an answer of unknown length. Not to be asked when ended. */
  public HttpServerResponse stream(CharSequence contentType) {
    // Before chunks there were, an answer of unknown length ended with its connection.
    closing |= request.version() == HttpVersion.HTTP_1_0;
    begin(200).set(HttpHeaders.CONTENT_TYPE, contentType);
    response.setChunked(true);
    return response;
  }

  /**
   * Goes on with a stream once the client has taken most of it, which it has to do at the least
   * rate. Meanwhile it has no place among the requests at work.
   */
  void whenDrained(Runnable goOn) {
    boolean atWork = stopWork();
    response.drainHandler(
        drained -> {
          response.drainHandler(null);
          goOn(atWork, goOn);
        });
  }

  /** The same, once all that was written is with the kernel: until then it is held in memory. */
  void whenTaken(Future<Void> lastWrite, Runnable goOn) {
    boolean atWork = stopWork();
    // Where it fails, the connection is gone, which ends this.
    lastWrite.onSuccess(taken -> goOn(atWork, goOn));
  }

  /** Gives the place back for as long as it is the client's turn; whether there was one. */
  private boolean stopWork() {
    boolean atWork = counted;
    outgoing().untaken();
    release();
    return atWork;
  }

  private void goOn(boolean atWork, Runnable goOn) {
    outgoing().taken();
    if (atWork) {
      whenPlaced(goOn);
    } else {
      guarded(goOn);
    }
  }

  /** Goes on once there is a place among the requests at work, for which it looks now and then. */
  private void whenPlaced(Runnable goOn) {
    if (ended() || work()) {
      guarded(goOn);
    } else {
      Vertx.currentContext().owner().setTimer(RETRY, again -> whenPlaced(goOn));
    }
  }

  /** Answers with what a future brings, or with a problem. */
  public <T> void reply(Future<T> future, Consumer<T> whenSucceeded) {
    // What a future needs of the body is in memory until that is complete, whoever hangs up.
    RequestBytes kept = bytes;
    if (kept != null) {
      kept.keep();
      future.onComplete(done -> kept.release());
    }
    future.onComplete(result -> guarded(() -> whenSucceeded.accept(result)), this::fail);
  }

  /** Runs something whose exceptions are to become problems. */
  public void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  /** Answers with a problem, or cuts the connection when an answer has already begun. */
  public void fail(Throwable cause) {
    Failure failure = Problems.failure(cause, head.id());
    fail(failure, () -> ProblemDocument.of(failure, head.id()));
  }

  /** Answers with a problem that has further members, as JSON without the braces around them. */
  public void fail(Failure failure, Buffer members) {
    fail(failure, () -> ProblemDocument.of(failure, head.id(), members));
  }

  private void fail(Failure failure, Supplier<Buffer> document) {
    if (ended()) {
      return;
    }
    if (response.headWritten()) {
      cut(failure.kind());
      return;
    }
    Kind kind = failure.kind();
    if (kind == Kind.UNAVAILABLE) {
      response.headers().set(HttpHeaders.RETRY_AFTER, Problems.retryAfter(failure));
    }
    closing |=
        bodyPending
            && (kind == Kind.UNAVAILABLE || kind == Kind.TOO_LARGE || kind == Kind.REQUEST_TIMEOUT);
    cacheControl = Fields.NO_STORE;
    response.headers().set(Fields.SECURITY_POLICY, Fields.NOTHING_MAY_LOAD);
    send(kind.status(), Fields.PROBLEM_JSON, document.get());
  }

  /** Answers with a problem when nobody can tell any more where a next request would begin. */
  public void failFraming(Failure failure) {
    bodyPending = false;
    closing = true;
    fail(failure);
  }

  /** Ends the connection in the midst of an answer, so that no client takes it for whole. */
  void cut(Kind why) {
    cutStatus = why.status();
    connection.abort();
  }

  /**
   * Ends the connection of a client that takes nothing, since others wait for the room it holds.
   */
  void cutForOthers() {
    if (ended()) {
      connection.abort();
    } else {
      cut(Kind.UNAVAILABLE);
    }
  }

  /** From here on it is a stream: measured by its beginning, and not in flight. */
  public void detach() {
    measure(response.getStatusCode());
    release();
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
    release();
    guard.upgraded(request.connection());
    measure(SWITCHING_PROTOCOLS);
    guard.log(this, SWITCHING_PROTOCOLS, System.nanoTime() - startedAt);
    announceEnd();
  }

  private MultiMap begin(int status) {
    MultiMap headers = response.headers();
    closing |= guard.draining() || (bodyPending && !head.isSmall());
    if (closing) {
      connection.leave();
      headers.set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    response.setStatusCode(status);
    headers.set(Fields.REQUEST_ID, head.id());
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
    release();
    connection.end(now);
    int status = cutStatus != 0 ? cutStatus : response.ended() ? response.getStatusCode() : HUNG_UP;
    measure(status);
    guard.log(this, status, now - startedAt);
    if (bytes != null) {
      bytes.release();
    }
    if (closing && response.ended()) {
      closeConnection();
    }
    announceEnd();
    if (outgoing != null) {
      outgoing.giveBack();
    }
  }

  private void closeConnection() {
    if (bodyPending && !request.isEnded()) {
      connection.linger(request);
    } else {
      connection.close();
    }
  }

  /** Gives back its place, before its client can know: the next request may come at once. */
  private void release() {
    if (counted) {
      counted = false;
      guard.release();
    }
  }

  private void measure(int status) {
    if (!measured) {
      measured = true;
      route.record(request.method(), status, System.nanoTime() - startedAt);
    }
  }
}
