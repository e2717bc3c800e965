package dev.rollcall.http.server;

import dev.rollcall.access.Principal;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.Pending;
import dev.rollcall.budgets.InboundShare;
import dev.rollcall.http.connections.ClientStream;
import dev.rollcall.http.connections.RequestMeters;
import dev.rollcall.tracing.TraceSpan;
import dev.rollcall.tracing.Tracing;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that was let in: what it holds, and how long it took.
 *
 * <p>It has a place among the requests at work, but for as long as it is its client's turn. Belongs
 * to the event loop of its connection.
 */
abstract class RequestAtWork extends Pending {

  /** Between two looks for a place, in milliseconds. */
  public static final long RETRY = 50;

  private final RequestAdmission<?> admission;
  private final ClientStream carrier;
  private final HttpServerRequest request;
  private final RequestHead head;
  private final long startedAt;
  private final @Nullable TraceSpan span;
  private RequestMeters.Route route;
  private Principal principal = Principal.NOBODY;
  private @Nullable InboundShare bytes;
  private boolean atWork;
  private boolean measured;
  private boolean watched;

  RequestAtWork(
      RequestAdmission<?> admission,
      ClientStream carrier,
      HttpServerRequest request,
      RequestMeters.Route route) {
    this.startedAt = System.nanoTime();
    this.admission = admission;
    this.carrier = carrier;
    this.request = request;
    this.route = route;
    this.head = RequestHead.of(request, admission);
    Tracing tracing = admission.tracing();
    this.span = tracing == null ? null : RequestTrace.begin(tracing, request);
  }

  public HttpServerRequest request() {
    return request;
  }

  public MultiMap requestHeaders() {
    return request.headers();
  }

  /** Its span; null where nothing is traced. */
  public @Nullable TraceSpan span() {
    return span;
  }

  /** Its trace as we traced it; null where nothing is traced. */
  public @Nullable TraceContext ownTrace() {
    return span == null ? null : span.context();
  }

  /** Its route. */
  RequestMeters.Route route() {
    return route;
  }

  /** What carries it. */
  public ClientStream carrier() {
    return carrier;
  }

  public RequestHead head() {
    return head;
  }

  /** Goes on for long, so that it ends soon after its caller's credential. */
  public void lasts() {
    if (principal.mayEnd() && !ended()) {
      watched = true;
      admission.watch(this);
    }
  }

  /** It was found out who asks. */
  void identified(Principal caller) {
    principal = caller;
  }

  /** Who asks. */
  public Principal principal() {
    return principal;
  }

  /**
   * The value of a header that may go along to sources; null for none. A credential goes along only
   * as a token of a declared issuer, which is meant for more services than this one.
   *
   * @param name in lower case
   */
  public @Nullable String forwarded(String name) {
    if (name.equals("authorization") && !principal.isOfIssuer()) {
      return null;
    }
    List<String> all = request.headers().getAll(name);
    return all.isEmpty() ? null : String.join(", ", all);
  }

  /** Where it comes from. */
  public ClientAddress address() {
    return admission.limits().clients().of(request);
  }

  /** Whether another address than that of the connection's other end counts. */
  boolean isBehindProxy() {
    return admission.limits().clients().areBehindProxies();
  }

  /** What lets requests in. */
  RequestAdmission<?> admission() {
    return admission;
  }

  /** The router has found its route. */
  public void matched(RequestMeters.Route meters) {
    route = meters;
  }

  /** When it began, on the clock of {@link System#nanoTime()}. */
  protected long startedAt() {
    return startedAt;
  }

  /** What it holds of memory; not to be asked when ended. */
  public InboundShare bytes() {
    InboundShare made = bytes;
    if (made == null) {
      made = admission.limits().inbound(carrier.share(), InboundShare.FREE);
      bytes = made;
    }
    return made;
  }

  /** What a future needs of the body is in memory until that is complete, whoever hangs up. */
  void keepBytes(Future<?> future) {
    InboundShare kept = bytes;
    if (kept != null) {
      kept.keep();
      future.onComplete(done -> kept.release());
    }
  }

  /** It has ended. */
  void release() {
    if (watched) {
      admission.unwatch(this);
    }
    if (bytes != null) {
      bytes.release();
    }
  }

  /** A place was found for it. */
  void count() {
    atWork = true;
  }

  /** The client is at work and not we: it has no place meanwhile. */
  public void rest() {
    if (atWork) {
      atWork = false;
      admission.limits().leave();
    }
  }

  /** Takes a place again; false where there are too many requests at work. */
  public boolean work() {
    atWork = atWork || (!ended() && admission.limits().enterIfRoom());
    return atWork;
  }

  /** Takes a place again, or answers that there is none; true where there is one. */
  boolean workOrFail() {
    if (!atWork && !admission.limits().enter()) {
      fail(RequestAdmission.tooMany());
      return false;
    }
    atWork = true;
    return true;
  }

  boolean isAtWork() {
    return atWork;
  }

  /** Goes on once there is a place, for which it looks now and then. */
  public void whenPlaced(Runnable goOn) {
    if (ended() || work()) {
      guarded(goOn);
    } else {
      Vertx.currentContext().owner().setTimer(RETRY, again -> whenPlaced(goOn));
    }
  }

  /** Runs something whose exceptions are to become problems. */
  public void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  /** Answers with a problem, or breaks off when an answer has already begun. */
  public abstract void fail(Throwable cause);

  /**
   * Counts how long it took, once.
   *
   * @param now on the clock of {@link System#nanoTime()}
   */
  void measure(int status, long now) {
    if (!measured) {
      measured = true;
      route.record(request.method(), status, now - startedAt);
    }
  }
}
