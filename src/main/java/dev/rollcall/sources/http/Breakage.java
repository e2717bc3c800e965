package dev.rollcall.sources.http;

import dev.rollcall.base.Failure;
import dev.rollcall.sources.SourceReply;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** How an exchange broke, in our own words: a library's message may hold paths and classes. */
final class Breakage {
  /** The HTTP/2 error code of a stream that was not processed. */
  private static final long REFUSED_STREAM = 7;

  private Breakage() {}

  /** The reply of an exchange that failed before its answer was whole. */
  static SourceReply reply(Throwable failure) {
    @Nullable Throwable cause = failure;
    // The first known cause counts; the bound cuts cycles of causes.
    for (int depth = 0; cause != null && depth < 8; depth++) {
      SourceReply reply = known(cause);
      if (reply != null) {
        return reply;
      }
      cause = cause.getCause();
    }
    return SourceReply.broken("the connection broke off").whenOverloaded();
  }

  /** The reply of an exchange whose answer has come to its end. */
  static SourceReply ended(AnswerBody body) {
    try {
      return SourceReply.ok(body.end());
    } catch (Failure e) {
      return unusable(e);
    }
  }

  private static @Nullable SourceReply known(Throwable cause) {
    if (cause instanceof ConnectionPoolTooBusyException) {
      return SourceReply.refused("too many attempts wait for a connection");
    }
    if (cause instanceof ConnectTimeoutException) {
      return SourceReply.late("no connection in time");
    }
    if (cause instanceof NoRouteToHostException) {
      return SourceReply.broken("no route to the host");
    }
    if (cause instanceof ConnectException) {
      return SourceReply.broken("connection refused").whenOverloaded();
    }
    if (cause instanceof UnknownHostException) {
      return SourceReply.broken("unknown host");
    }
    if (cause instanceof SSLException) {
      return SourceReply.broken("no trusted TLS connection");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return SourceReply.rejected("an answer whose head is too large");
    }
    if (cause instanceof UnusableInterimAnswer) {
      return SourceReply.rejected(String.valueOf(cause.getMessage()));
    }
    return cause instanceof DecoderException
        ? SourceReply.broken("no connection that speaks HTTP")
        : null;
  }

  /** Whether there was no connection to an address. */
  static boolean isUnreachable(Throwable failure) {
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 8; depth++) {
      if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** The reply of an exchange whose body can't be used. */
  static SourceReply unusable(Failure fault) {
    return SourceReply.rejected(
        fault.kind() == Failure.Kind.TOO_LARGE
            ? fault.detail()
            : "unusable answer: " + fault.detail());
  }

  /**
   * Whether an exchange broke before the upstream handled its request, so that it may be sent
   * again.
   *
   * @param repeatable whether the request may be sent twice
   */
  static boolean isUnread(Throwable failure, HttpConnection connection, boolean repeatable) {
    if (failure instanceof StreamResetException reset) {
      return reset.getCode() == REFUSED_STREAM;
    }
    return (failure instanceof HttpClosedException || failure instanceof IOException)
        && HttpConnections.kept(connection).isUnread(repeatable);
  }
}
