package dev.rollcall.http;

import dev.rollcall.access.Principal;
import dev.rollcall.access.RecentCredentials;
import dev.rollcall.access.browsers.BrowserRules;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.Failure;
import dev.rollcall.framing.PlainRequest;
import dev.rollcall.http.connections.HttpLimits;
import dev.rollcall.http.connections.RequestMeters;
import dev.rollcall.http.server.AccessLog;
import dev.rollcall.http.server.Fields;
import dev.rollcall.http.server.LoggedRequest;
import dev.rollcall.operations.Operation;
import dev.rollcall.operations.Resources;
import dev.rollcall.operations.SelfAccess;
import dev.rollcall.users.EntityTags;
import dev.rollcall.users.User;
import dev.rollcall.wire.RequestIds;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.SocketAddress;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers reads of users who are at hand over HTTP/2, below Vert.x. It says the same as {@link
 * PlainReads} would, and answers only where nothing is to be refused, to be found out or to wait
 * for: whatever it leaves alone goes that way. Belongs to one event loop.
 */
final class DirectReads implements Predicate<PlainRequest> {

  /** Longer answers are written no faster than their clients read. */
  private static final int LONGEST = 16 * 1024;

  private static final int OK = 200;
  private static final AsciiString GET = HttpMethod.GET.toNetty().asciiName();
  private static final AsciiString REQUEST_ID = AsciiString.of(Fields.REQUEST_ID);
  private static final AsciiString TYPE_OPTIONS = AsciiString.of(Fields.CONTENT_TYPE_OPTIONS);
  private static final AsciiString NOSNIFF = AsciiString.of(Fields.NOSNIFF);
  private static final AsciiString REVALIDATE = AsciiString.of(Fields.REVALIDATE);
  private static final AsciiString JSON = AsciiString.of(Fields.JSON);

  private final RecentCredentials credentials;
  private final BrowserRules rules;
  private final HttpLimits limits;
  private final Resources resources;
  private final AccessLog accessLog;
  private final RequestMeters.Route meters;
  private final RequestIds ids = new RequestIds();

  DirectReads(
      RecentCredentials credentials,
      BrowserRules rules,
      HttpLimits limits,
      Resources resources,
      AccessLog accessLog) {
    this.credentials = credentials;
    this.rules = rules;
    this.limits = limits;
    this.resources = resources;
    this.accessLog = accessLog;
    this.meters = limits.meters().route(Operation.GET_USER.template());
  }

  @Override
  public boolean test(PlainRequest request) {
    long begun = System.nanoTime();
    if (!GET.contentEquals(request.method()) || !rules.admitAgain(request.authority())) {
      return false;
    }
    String target = request.path().toString();
    long id = PlainReads.userAt(target);
    if (id < 1 || limits.draining() || !mayAsk(request.authorization(), id)) {
      return false;
    }
    User user = resources.users().present(id);
    if (user == null || user.json().length() > LONGEST || !request.takes(user.json().length())) {
      return false;
    }
    if (!limits.enterIfRoom()) {
      return false;
    }
    try {
      answer(request, user, target, begun);
    } finally {
      limits.leave();
    }
    return true;
  }

  /** Whether it is known without looking further that this caller may, as often as it likes. */
  private boolean mayAsk(@Nullable CharSequence authorization, long id) {
    Principal caller = credentials.recall(authorization == null ? null : authorization.toString());
    if (caller == null || limits.rates().countAll()) {
      return false;
    }
    try {
      SelfAccess.admit(Operation.GET_USER, caller, Long.toString(id));
      return true;
    } catch (Failure refusal) {
      return false; // It is told so the usual way.
    }
  }

  private void answer(PlainRequest request, User user, String target, long begun) {
    CharSequence given = request.requestId();
    String name = ids.of(given == null ? null : given.toString());
    int length = user.json().length();
    request.answer(
        user.json(),
        HttpHeaderNames.ETAG,
        new AsciiString(EntityTags.of(user.seq())),
        REQUEST_ID,
        new AsciiString(name),
        TYPE_OPTIONS,
        NOSNIFF,
        HttpHeaderNames.CACHE_CONTROL,
        REVALIDATE,
        HttpHeaderNames.CONTENT_TYPE,
        JSON,
        HttpHeaderNames.CONTENT_LENGTH,
        new AsciiString(Integer.toString(length)));
    long nanos = System.nanoTime() - begun;
    meters.record(HttpMethod.GET, OK, nanos);
    if (accessLog.isOn()) {
      SocketAddress from = request.remoteAddress();
      ClientAddress client = limits.clients().areBehindProxies() ? ClientAddress.of(from) : null;
      accessLog.log(
          new LoggedRequest(GET.toString(), target, name, null, from, client), OK, length, nanos);
    }
  }
}
