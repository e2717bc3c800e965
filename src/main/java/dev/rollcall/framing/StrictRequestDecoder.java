package dev.rollcall.framing;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import java.util.List;
import java.util.function.Predicate;

/**
 * Vert.x' decoder of requests, which refuses two things that it would take: a line of a head that
 * begins with a blank, which goes on with the line before (RFC 9112, 5.2) or is no field at all
 * (2.2), and a field without a name (5). A proxy in front may have read them otherwise.
 *
 * <p>Once a head is decoded it no longer shows either, so the beginnings of its lines are looked at
 * before: one search for a line feed for each line. Such a head is told of as any other one that is
 * malformed, and nothing is read behind it. Belongs to one connection.
 */
final class StrictRequestDecoder extends VertxHttpRequestDecoder {

  private static final String FOLDED = "a line of the head begins with a blank or a colon";

  /** Where the bytes to come stand. */
  private enum Place {
    BEFORE_HEAD,
    IN_HEAD,
    IN_BODY,
    BEHIND_THE_END
  }

  private Place place = Place.BEFORE_HEAD;
  private final RepeatedCredential credential;
  private boolean malformed;
  private Predicate<ByteBuf> admission = read -> true;

  StrictRequestDecoder(HttpServerOptions options) {
    super(options);
    credential = new RepeatedCredential(options.getMaxHeaderSize());
  }

  /** Has what is read looked at first, by what may refuse it and so end the connection. */
  void admit(Predicate<ByteBuf> by) {
    admission = by;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof ByteBuf read && !admission.test(read)) {
      read.release();
      ChannelFuture unused = context.close();
      return;
    }
    super.channelRead(context, message);
  }

  /** Reads no further request. */
  void end() {
    place = Place.BEHIND_THE_END;
  }

  boolean hasEnded() {
    return place == Place.BEHIND_THE_END;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> decoded)
      throws Exception {
    if (place == Place.BEHIND_THE_END) {
      bytes.skipBytes(bytes.readableBytes());
      return;
    }
    if (place != Place.IN_BODY) {
      malformed |= hasBadLine(bytes);
    }
    int before = decoded.size();
    super.decode(context, bytes, decoded);
    for (int i = before; i < decoded.size(); i++) {
      decoded(decoded.get(i));
    }
  }

  private void decoded(Object part) {
    if (part instanceof HttpRequest request) {
      credential.decoded(request);
      if (malformed) {
        request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(FOLDED)));
        place = Place.BEHIND_THE_END;
      } else {
        place = Place.IN_BODY;
      }
    } else if (part instanceof LastHttpContent && place == Place.IN_BODY) {
      place = Place.BEFORE_HEAD;
    }
  }

  /** The first line has been read. */
  @Override
  protected HttpMessage createMessage(String[] initialLine) {
    place = Place.IN_HEAD;
    return credential.isTaken()
        ? new DefaultHttpRequest(
            HttpVersion.valueOf(initialLine[2]),
            HttpMethod.valueOf(initialLine[0]),
            initialLine[1],
            HeadersMultiMap.httpHeaders(credential))
        : super.createMessage(initialLine);
  }

  /** Whether a line of the head that comes, as far as it has arrived, begins as none may. */
  private boolean hasBadLine(ByteBuf bytes) {
    int end = bytes.writerIndex();
    int line = bytes.readerIndex();
    boolean atBeginning = place == Place.BEFORE_HEAD;
    if (atBeginning) {
      credential.begin();
      while (line < end && isSkipped(bytes.getByte(line))) {
        line++;
      }
    } else if (line < end && isBad(bytes.getByte(line))) {
      return true;
    }
    while (true) {
      line = bytes.indexOf(line, end, (byte) '\n') + 1;
      if (line == 0) {
        return false;
      }
      if (atBeginning) {
        line = credential.skip(bytes, line, end);
      }
      if (line == end) {
        return false;
      }
      byte first = bytes.getByte(line);
      if (first == '\r' || first == '\n') {
        if (atBeginning) {
          credential.headEnds(bytes, line);
        }
        return false;
      }
      if (isBad(first)) {
        return true;
      }
    }
  }

  private static boolean isBad(byte first) {
    return first == ' ' || first == '\t' || first == ':';
  }

  /** What Netty passes over in front of a first line. */
  private static boolean isSkipped(byte b) {
    return (b >= 0 && b <= ' ') || b == 0x7F;
  }
}
