package dev.rollcall.http.server;

import dev.rollcall.base.ClientAddress;
import io.vertx.core.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the access log tells of a request, beside how it ended.
 *
 * @param method as it came
 * @param target as it came; the log hides what it has to
 * @param id the client's name for the request, or ours
 * @param traceparent the trace that it belongs to, well-formed; null when there is none
 * @param from the other end of the connection; null when that has ended already
 * @param client whose request a proxy passes on; null where there are no proxies
 */
public record LoggedRequest(
    String method,
    String target,
    String id,
    @Nullable String traceparent,
    @Nullable SocketAddress from,
    @Nullable ClientAddress client) {}
