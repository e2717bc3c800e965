package dev.rollcall.bus.bridge;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Joins the fragments of messages, and counts the messages in the arrays of SockJS.
 *
 * <p>Vert.x joins fragments, but loses a message that begins with an empty one. Its SockJS reads
 * arrays, but drops what it can't read, and throws where one holds no texts.
 */
final class BridgeMessages {

  private static final JsonFactory JSON = new JsonFactory();

  private final boolean sockJs;
  private final int limit;
  private boolean text;
  private @Nullable ByteBuf fragments;

  BridgeMessages(boolean sockJs, int limit) {
    this.sockJs = sockJs;
    this.limit = limit;
  }

  /**
   * The message that a frame of data completes; null when more of it is to come.
   *
   * @param frame released or returned by this
   */
  @Nullable WebSocketFrame whole(WebSocketFrame frame) throws TooLong {
    if (!(frame instanceof ContinuationWebSocketFrame)) {
      if (frame.isFinalFragment()) {
        return frame;
      }
      text = frame instanceof TextWebSocketFrame;
      fragments = frame.content().alloc().heapBuffer(frame.content().readableBytes());
    }
    ByteBuf begun = fragments;
    try {
      if (begun == null || begun.readableBytes() + frame.content().readableBytes() > limit) {
        throw new TooLong();
      }
      begun.writeBytes(frame.content());
      if (!frame.isFinalFragment()) {
        return null;
      }
    } finally {
      frame.release();
    }
    fragments = null;
    return text ? new TextWebSocketFrame(begun) : new BinaryWebSocketFrame(begun);
  }

  /** How many bytes there are of a message that is not whole. */
  int fragments() {
    return fragments == null ? 0 : fragments.readableBytes();
  }

  static final class TooLong extends Exception {
    private static final long serialVersionUID = 1L;

    private TooLong() {
      super("a message is too long", null, false, false);
    }
  }

  /** Whether a frame of text is UTF-8; of binary ones the reader of JSON finds out. */
  static boolean isText(WebSocketFrame frame) {
    return !(frame instanceof TextWebSocketFrame)
        || ByteBufUtil.isText(frame.content(), StandardCharsets.UTF_8);
  }

  /** How many messages are in a frame; -1 where it is not what SockJS sends. */
  int count(WebSocketFrame frame) {
    if (!sockJs) {
      return 1;
    }
    return frame instanceof TextWebSocketFrame ? countTexts(frame.content()) : -1;
  }

  private static int countTexts(ByteBuf content) {
    if (!content.isReadable()) {
      return 0;
    }
    try (InputStream bytes = new ByteBufInputStream(content.duplicate());
        JsonParser parser = JSON.createParser(bytes)) {
      JsonToken next = parser.nextToken();
      int texts = 0;
      if (next == JsonToken.START_ARRAY) {
        for (next = parser.nextToken(); next == JsonToken.VALUE_STRING; next = parser.nextToken()) {
          texts++;
        }
        return next == JsonToken.END_ARRAY && parser.nextToken() == null ? texts : -1;
      }
      return next == JsonToken.VALUE_STRING && parser.nextToken() == null ? 1 : -1;
    } catch (IOException e) {
      return -1;
    }
  }

  /** Releases the fragments of a message that is not whole. */
  void release() {
    if (fragments != null) {
      fragments.release();
      fragments = null;
    }
  }
}
