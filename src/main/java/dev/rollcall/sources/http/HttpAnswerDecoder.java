package dev.rollcall.sources.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers from a connection of HTTP/1.1, one for each request and only after it; anything
 * else ends the connection. HTTP/1.1 matches answers by their order alone, so one answer too many
 * would give each later request the answer of another.
 *
 * <p>Interim answers (1xx but 101) are dropped: the final one is still to come (RFC 9110, 15.2).
 */
final class HttpAnswerDecoder extends HttpResponseDecoder {
  private final ReadPasses passes;

  /** The pass of the event loop after which the next request may be sent. */
  private long pass;

  private boolean asked;
  private boolean begun;
  private boolean sent;
  private int interim;

  /** The head of the final answer. */
  private @Nullable HttpHeaders head;

  /** Whether the connection must not be used again. */
  private boolean last;

  HttpAnswerDecoder(HttpDecoderConfig config, ReadPasses passes) {
    super(config);
    this.passes = passes;
    this.pass = passes.next();
  }

  long pass() {
    return pass;
  }

  /** A request is written: an answer may come. */
  void asked() {
    asked = true;
    begun = false;
    sent = false;
    interim = 0;
    head = null;
  }

  /** The whole request was given to the system. */
  void sent() {
    sent = true;
  }

  /** Whether a part of the answer to the last request has come. */
  boolean hasBegun() {
    return begun;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    if (!asked) {
      buffer.skipBytes(buffer.readableBytes());
      ChannelFuture unused = ctx.channel().close();
      return;
    }
    begun = true;
    super.decode(ctx, buffer, out);
    judge(buffer, out);
  }

  @Override
  protected void decodeLast(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    if (asked) {
      super.decodeLast(ctx, buffer, out);
      judge(buffer, out);
    }
  }

  private void judge(ByteBuf buffer, List<Object> out) {
    for (int i = 0; i < out.size(); i++) {
      Object part = out.get(i);
      if (part instanceof HttpResponse response && response.decoderResult().isSuccess()) {
        if (isInterim(response.status())) {
          // Its end, which is empty, stands behind it.
          out.subList(i, out.size()).clear();
          count();
          return;
        }
        head = response.headers();
        last |= head.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
      }
      if (part instanceof LastHttpContent) {
        ended(buffer);
      }
    }
  }

  private static boolean isInterim(HttpResponseStatus status) {
    return status.codeClass() == HttpStatusClass.INFORMATIONAL
        && status.code() != HttpResponseStatus.SWITCHING_PROTOCOLS.code();
  }

  private void count() {
    interim++;
    if (interim > UnusableInterimAnswer.LIMIT) {
      throw UnusableInterimAnswer.tooMany();
    }
  }

  /** The answer is whole. With bytes behind it, or the request not all sent, this is the last. */
  private void ended(ByteBuf buffer) {
    asked = false;
    pass = passes.next();
    if (last || !sent || buffer.isReadable()) {
      buffer.skipBytes(buffer.readableBytes());
      if (head != null) {
        // The client looks at it before it reuses the connection.
        head.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      }
    }
  }

  /** No body follows a 1xx, 204 or 304; where one is announced, it may come all the same. */
  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    HttpResponseStatus status = ((HttpResponse) message).status();
    boolean interim = status.codeClass() == HttpStatusClass.INFORMATIONAL;
    boolean empty = interim || super.isContentAlwaysEmpty(message);
    if (empty && announcesBody(message.headers())) {
      if (interim) {
        throw new UnusableInterimAnswer("an interim answer with a body");
      }
      last = true;
    }
    return empty;
  }

  private static boolean announcesBody(HttpHeaders headers) {
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    return headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
        || (length != null && !length.strip().equals("0"));
  }

  /** A 101 is refused as any other answer, since no other protocol was asked for. */
  @Override
  protected boolean isSwitchingToNonHttp1Protocol(HttpResponse response) {
    return false;
  }
}
