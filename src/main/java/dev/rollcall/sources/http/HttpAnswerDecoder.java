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
 * Reads answers from a connection of HTTP/1.1, each only after its question, and one for each: what
 * else comes ends the connection. HTTP/1.1 tells answers apart by their order alone, so that with
 * one answer too many, each question after it would be given the answer of another.
 *
 * <p>Interim answers (1xx but 101) are left out: the final one is still to come (RFC 9110, 15.2).
 *
 * <p>What comes after the next question was sent can't be told from its answer, by anybody.
 */
final class HttpAnswerDecoder extends HttpResponseDecoder {

  private final ReadPasses passes;

  /** What the event loop has to have got to before the next question is sent. */
  private long pass;

  private boolean asked;
  private boolean begun;
  private boolean sent;
  private int interim;

  /** The head of the final answer, once it is there. */
  private @Nullable HttpHeaders head;

  /** Whether the connection is not to be used again, however the exchange ends. */
  private boolean last;

  HttpAnswerDecoder(HttpDecoderConfig config, ReadPasses passes) {
    super(config);
    this.passes = passes;
    this.pass = passes.next();
  }

  /** The pass of the event loop after which the next question may be sent. */
  long pass() {
    return pass;
  }

  /** From here on an answer may come. */
  void asked() {
    asked = true;
    begun = false;
    sent = false;
    interim = 0;
    head = null;
  }

  /** The question is with the system as a whole. */
  void sent() {
    sent = true;
  }

  /** Whether any of the answer to the question asked last has come. */
  boolean hasBegun() {
    return begun;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    if (!asked) {
      buffer.skipBytes(buffer.readableBytes());
      // Nobody waits for anything on it.
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
          // Its end, which holds nothing, stands behind it.
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

  /** The answer is whole. What stands behind it, or an unsent rest of the question, is too much. */
  private void ended(ByteBuf buffer) {
    asked = false;
    pass = passes.next();
    if (last || !sent || buffer.isReadable()) {
      buffer.skipBytes(buffer.readableBytes());
      if (head != null) {
        // The client heeds it when it is told of the end, before it gives the connection away.
        head.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      }
    }
  }

  /** No body follows a 1xx, 204 or 304; one that speaks of a body may send it all the same. */
  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    HttpResponseStatus status = ((HttpResponse) message).status();
    boolean interim = status.codeClass() == HttpStatusClass.INFORMATIONAL;
    boolean empty = interim || super.isContentAlwaysEmpty(message);
    if (empty && speaksOfBody(message.headers())) {
      if (interim) {
        throw new UnusableInterimAnswer("an interim answer with a body");
      }
      last = true;
    }
    return empty;
  }

  private static boolean speaksOfBody(HttpHeaders headers) {
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    return headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
        || (length != null && !length.strip().equals("0"));
  }

  /** Nobody asks for another protocol: a 101 is an answer that is refused. */
  @Override
  protected boolean isSwitchingToNonHttp1Protocol(HttpResponse response) {
    return false;
  }
}
