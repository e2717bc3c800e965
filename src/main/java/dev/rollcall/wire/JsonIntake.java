package dev.rollcall.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Collects one JSON value in pieces and gives its bytes once they are valid: one value in UTF-8,
 * within the depth and the length of numbers of {@link StrictJson}. Unlike there, duplicate members
 * and lone surrogates pass, since the bytes go on to the client as they came.
 *
 * <p>It has ended after {@link #end}, {@link #close}, or a fault: a {@link Failure} of kind {@code
 * INVALID} or {@code TOO_LARGE} in our own words. Not safe for use by several threads at once.
 */
public final class JsonIntake implements AutoCloseable {
  private static final String BROKEN_OFF = "JSON that breaks off";
  private static final byte[] NOTHING = {};
  private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final int limit;
  private final JsonParser parser;
  private final ByteArrayFeeder feeder;
  private byte[] bytes = NOTHING;
  private int length;

  /** The bytes that the parser has read. */
  private int fed;

  /** Whether the root value has ended. */
  private boolean whole;

  /** With a limit in bytes. */
  public JsonIntake(int limit) {
    this.limit = limit;
    try {
      this.parser = StrictJson.FACTORY.createNonBlockingByteArrayParser();
    } catch (IOException e) {
      throw new IllegalStateException("a parser without input can't fail to read", e);
    }
    this.feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
  }

  /** Checks a whole JSON text; throws as the methods of an intake do. */
  public static Buffer read(Buffer text, int limit) {
    try (JsonIntake intake = new JsonIntake(limit)) {
      intake.offer(text);
      return intake.end();
    }
  }

  /** Adds a piece, which is copied. */
  public void offer(Buffer chunk) {
    int added = chunk.length();
    if (added > limit - length) {
      close();
      throw Failure.of(Kind.TOO_LARGE, "JSON of more than " + limit + " bytes");
    }
    if (added == 0) {
      return;
    }
    makeRoomFor(added);
    chunk.getBytes(0, added, bytes, length);
    int start = length;
    length += added;
    int end = safeEnd(start);
    if (end > fed) {
      advance(end);
    }
  }

  /**
   * Where the parser may stop: at the end, but never behind a comma or a colon, since Jackson 2.22
   * accepts a closing brace that follows after a stop there.
   *
   * @param start where the last piece starts
   */
  private int safeEnd(int start) {
    int last = length - 1;
    while (last >= start && isSpace(bytes[last])) {
      last--;
    }
    if (last < start) {
      // Only white space, which is held back with a comma or colon before it.
      return fed < start ? fed : length;
    }
    return bytes[last] == ',' || bytes[last] == ':' ? last : length;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  /** The whole value, with spaces for the line breaks between its tokens. */
  public Buffer end() {
    if (fed < length) {
      advance(length);
    }
    advance(feeder::endOfInput, true);
    close();
    if (!whole) {
      throw Failure.invalid("", length == 0 ? "nothing instead of JSON" : BROKEN_OFF);
    }
    int start = startsWithMark() ? MARK.length : 0;
    boolean ascii = spaceLines(start);
    // The value may be kept for long, without much slack.
    byte[] kept = bytes.length - length > bytes.length / 4 ? Arrays.copyOf(bytes, length) : bytes;
    ByteBuf text = Unpooled.wrappedBuffer(kept, start, length - start);
    // The parser accepts overlong forms.
    if (!ascii && !ByteBufUtil.isText(text, StandardCharsets.UTF_8)) {
      throw Failure.invalid("", "JSON that is not valid UTF-8");
    }
    return BufferInternal.buffer(text);
  }

  /** Releases the parser's buffers. Does nothing the second time. */
  @Override
  public void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw new IllegalStateException("a parser without input can't fail to close", e);
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private void advance(int end) {
    int start = fed;
    fed = end;
    advance(() -> feeder.feedInput(bytes, start, end), false);
  }

  private void advance(Step step, boolean last) {
    boolean valid = false;
    try {
      step.run();
      readTokens();
      valid = true;
    } catch (StreamConstraintsException e) {
      throw Failure.invalid("", StrictJson.BEYOND_LIMITS);
    } catch (JsonProcessingException e) {
      long at = e.getLocation().getByteOffset();
      throw Failure.invalid("", last ? BROKEN_OFF : "not JSON from byte " + at + " on");
    } catch (IOException | IllegalStateException e) {
      // The latter refuses member names that were chosen to collide.
      throw Failure.invalid("", "JSON that can't be read");
    } finally {
      if (!valid) {
        close();
      }
    }
  }

  private void readTokens() throws IOException {
    JsonToken token = parser.nextToken();
    while (token != null && token != JsonToken.NOT_AVAILABLE) {
      if (whole) {
        throw Failure.invalid("", "more than one JSON value");
      }
      whole = parser.getParsingContext().inRoot();
      token = parser.nextToken();
    }
  }

  private void makeRoomFor(int added) {
    int needed = length + added;
    if (needed > bytes.length) {
      // Most answers are one piece, which then fits exactly.
      long doubled = Math.min(limit, length == 0 ? 0 : 2L * bytes.length);
      bytes = Arrays.copyOf(bytes, (int) Math.max(needed, doubled));
    }
  }

  private boolean startsWithMark() {
    return length >= MARK.length && Arrays.equals(bytes, 0, MARK.length, MARK, 0, MARK.length);
  }

  /**
   * Turns all line breaks into spaces, since valid strings hold none. Returns whether all is ASCII.
   */
  private boolean spaceLines(int start) {
    int seen = 0;
    for (int i = start; i < length; i++) {
      byte b = bytes[i];
      seen |= b;
      if (b == '\n' || b == '\r') {
        bytes[i] = ' ';
      }
    }
    return seen >= 0;
  }
}
