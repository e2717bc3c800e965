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
 * Takes in one JSON value in pieces, and gives its bytes once they are known to be valid: exactly
 * one value, UTF-8, and within the depth and the length of numbers that {@link StrictJson} allows.
 * Unlike there, members that stand twice and lone surrogates pass, since nothing is made of them:
 * the bytes go on to the client as they came.
 *
 * <p>It is at its end after {@link #end}, after {@link #close}, and after a fault, which is a
 * {@link Failure} of kind {@code INVALID} or {@code TOO_LARGE} in words of our own. Not safe for
 * use by several threads at once.
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

  /** How much of it the parser has seen. */
  private int fed;

  /** Whether the root has ended, so that only white space may follow. */
  private boolean whole;

  /** An empty intake of at most so many bytes. */
  public JsonIntake(int limit) {
    this.limit = limit;
    try {
      this.parser = StrictJson.FACTORY.createNonBlockingByteArrayParser();
    } catch (IOException e) {
      throw new IllegalStateException("a parser without input can't fail to read", e);
    }
    this.feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
  }

  /** The whole of a JSON text that is at hand; throws as the methods of an intake do. */
  public static Buffer read(Buffer text, int limit) {
    try (JsonIntake intake = new JsonIntake(limit)) {
      intake.offer(text);
      return intake.end();
    }
  }

  /** Takes in a piece, which is copied. */
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
   * Where the parser may be stopped: at the end, but never behind a comma or a colon. Jackson 2.22
   * lets a closing brace pass that follows one of them, where it was stopped between the two.
   *
   * @param start where the last piece starts
   */
  private int safeEnd(int start) {
    int last = length - 1;
    while (last >= start && isSpace(bytes[last])) {
      last--;
    }
    if (last < start) {
      // Nothing but white space, which belongs to what was held back, if that is so.
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
    // What is valid and mostly slack would be kept for as long as the value is.
    byte[] kept = bytes.length - length > bytes.length / 4 ? Arrays.copyOf(bytes, length) : bytes;
    ByteBuf text = Unpooled.wrappedBuffer(kept, start, length - start);
    // The parser lets overlong forms through.
    if (!ascii && !ByteBufUtil.isText(text, StandardCharsets.UTF_8)) {
      throw Failure.invalid("", "JSON that is not valid UTF-8");
    }
    return BufferInternal.buffer(text);
  }

  /** Gives back what the parser holds. Does nothing the second time. */
  @Override
  public void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw new IllegalStateException("a parser without input can't fail to close", e);
    }
  }

  /** What moves the parser on. */
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
      // The latter is how the parser refuses member names that were chosen to collide.
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
   * Turns line breaks into spaces: all of them, since valid strings hold none.
   *
   * @return whether all is ASCII
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
