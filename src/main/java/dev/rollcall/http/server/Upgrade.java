package dev.rollcall.http.server;

import dev.rollcall.access.Principal;
import dev.rollcall.access.browsers.Origins;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * What takes connections over that go on with another protocol than HTTP, on one event loop.
 *
 * @param path below which that is asked for, without a slash at its end
 * @param origins whose pages may use it, beside those that may ask everything
 * @param entrance is given each request there, and who asks; nobody where the request does not say.
 *     It succeeds when the connection is its own from now on; it fails with what is to be answered;
 *     and it leaves its future open when it has answered itself.
 * @param end ends it within a time: it takes no more connections, closes each one once what its
 *     client waits for has been sent, and the rest shortly before the time is over
 */
public record Upgrade(
    String path,
    Origins origins,
    BiFunction<HttpServerRequest, Principal, Future<Void>> entrance,
    Consumer<Duration> end) {

  /** Whether a request is for it. */
  public boolean isAt(String target) {
    if (!target.startsWith(path)) {
      return false;
    }
    int next = path.length();
    return target.length() == next || target.charAt(next) == '/' || target.charAt(next) == '?';
  }
}
