package dev.rollcall.framing;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A request over HTTP/2 that is no more than what most clients send with all of them: it has no
 * body, and no field but these. It may be answered at once, below Vert.x, which takes longer to
 * make a stream, a request and a response of it than all else takes that is done for it.
 *
 * <p>There is one for each connection, which holds one request after the other. Belongs to the
 * event loop of the connection.
 */
public final class PlainRequest {

  private static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");
  private static final AsciiString OK = HttpResponseStatus.OK.codeAsText();

  private final Http2Channel channel;
  private @Nullable Http2Stream stream;
  private CharSequence method = AsciiString.EMPTY_STRING;
  private CharSequence path = AsciiString.EMPTY_STRING;
  private CharSequence authority = AsciiString.EMPTY_STRING;
  private @Nullable CharSequence authorization;
  private @Nullable CharSequence requestId;
  private boolean plain;

  PlainRequest(Http2Channel channel) {
    this.channel = channel;
  }

  /** A head begins. */
  void begin() {
    method = AsciiString.EMPTY_STRING;
    path = AsciiString.EMPTY_STRING;
    authority = AsciiString.EMPTY_STRING;
    authorization = null;
    requestId = null;
    plain = true;
  }

  /** What stands in front of the fields of a head. */
  void add(PseudoHeaderName name, CharSequence value) {
    switch (name) {
      case METHOD -> method = value;
      case PATH -> path = value;
      case AUTHORITY -> authority = value;
      case SCHEME -> {}
      default -> plain = false;
    }
  }

  /** A field of a head. */
  void add(CharSequence name, CharSequence value) {
    if (HttpHeaderNames.AUTHORIZATION.contentEquals(name)) {
      plain &= authorization == null;
      authorization = value;
    } else if (REQUEST_ID.contentEquals(name)) {
      plain &= requestId == null;
      requestId = value;
    } else {
      plain &= isUsual(name);
    }
  }

  /** Whether a field says nothing that an answer in JSON differs by. */
  private static boolean isUsual(CharSequence name) {
    return HttpHeaderNames.USER_AGENT.contentEquals(name)
        || HttpHeaderNames.ACCEPT.contentEquals(name)
        || HttpHeaderNames.ACCEPT_ENCODING.contentEquals(name)
        || HttpHeaderNames.ACCEPT_LANGUAGE.contentEquals(name);
  }

  /** Something of it needs to be looked at that is not told here. */
  void notPlain() {
    plain = false;
  }

  boolean isPlain() {
    return plain;
  }

  /** It came on this stream. */
  PlainRequest on(Http2Stream carrier) {
    stream = carrier;
    return this;
  }

  /** Empty where it has none. */
  public CharSequence method() {
    return method;
  }

  /** Empty where it has none. */
  public CharSequence path() {
    return path;
  }

  /** What it says of the host; empty where that is nothing. */
  public CharSequence authority() {
    return authority;
  }

  /** The field of that name; null where it has none. */
  public @Nullable CharSequence authorization() {
    return authorization;
  }

  /** What the client calls it, of any form; null where it says nothing of that. */
  public @Nullable CharSequence requestId() {
    return requestId;
  }

  /** Where it comes from; null where the connection is gone. */
  public @Nullable SocketAddress remoteAddress() {
    return channel.remoteAddress();
  }

  /** Whether the client takes a body of so many bytes now; else it is not to be answered here. */
  public boolean takes(int bytes) {
    return channel.takes(stream(), bytes);
  }

  /**
   * Answers with status 200.
   *
   * @param fields names and values in turn
   */
  public void answer(Buffer body, AsciiString... fields) {
    channel.answer(stream(), ReadOnlyHttp2Headers.serverHeaders(false, OK, fields), body);
  }

  private Http2Stream stream() {
    Http2Stream carrier = stream;
    if (carrier == null) {
      throw new IllegalStateException("no request has come yet");
    }
    return carrier;
  }
}
