package dev.rollcall.sources.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.base.Failure;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that come as gzip, in one member or several, whole or not. */
class AnswerBodyTest {

  private static final int LIMIT = 10_000;

  private static Buffer gzip(String text) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(zipped.toByteArray());
  }

  /** Unpacks it in pieces of so many bytes. */
  private static String unpack(Buffer packed, int piece) {
    try (AnswerBody body = new AnswerBody(LIMIT, true)) {
      for (int at = 0; at < packed.length(); at += piece) {
        body.offer(packed.getBuffer(at, Math.min(at + piece, packed.length())));
      }
      return body.end().toString();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 19, 20, 64, 100_000})
  void takesAllMembersTogether(int piece) {
    Buffer members =
        Buffer.buffer()
            .appendBuffer(gzip(""))
            .appendBuffer(gzip("{\"a\":"))
            .appendBuffer(gzip("[1,"))
            .appendBuffer(gzip(""))
            .appendBuffer(gzip("2]}"))
            .appendBuffer(gzip(""));
    assertThat(unpack(members, piece)).isEqualTo("{\"a\":[1,2]}");
  }

  @Test
  void takesManyMembersInOneSlice() {
    Buffer members = gzip("[0");
    for (int i = 0; i < 300; i++) {
      members.appendBuffer(gzip(",1"));
    }
    assertThat(unpack(members.appendBuffer(gzip("]")), 100_000)).hasSize(603);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 100_000})
  void whatStandsBehindTheMembersIsMalformed(int piece) {
    for (String rest : new String[] {"\0", "\0\0\0\0", "{}", "trailing garbage", "\37\213"}) {
      Buffer packed = gzip("[1]").appendBytes(rest.getBytes(StandardCharsets.ISO_8859_1));
      assertThatThrownBy(() -> unpack(packed, piece))
          .hasMessageContaining("its compression is malformed");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 100_000})
  void aMemberThatBreaksOffIsMalformed(int piece) {
    Buffer whole = gzip("[1,").appendBuffer(gzip("2]"));
    int first = gzip("[1,").length();
    for (int end = 0; end < whole.length(); end++) {
      Buffer cut = whole.getBuffer(0, end);
      if (end != first) {
        assertThatThrownBy(() -> unpack(cut, piece))
            .hasMessageContaining("its compression is malformed");
      }
    }
    assertThatThrownBy(() -> unpack(whole.getBuffer(0, first), piece))
        .hasMessageContaining("breaks off");
  }

  @Test
  void theLimitIsThatOfAllMembers() {
    Buffer members = gzip("\"" + "x".repeat(LIMIT - 10));
    members.appendBuffer(gzip("x".repeat(LIMIT - 10))).appendBuffer(gzip("\""));
    assertThatThrownBy(() -> unpack(members, 100)).hasMessageContaining("10000 bytes");
  }

  @Test
  void membersAndPackedBytesThatHoldNothingAreBoundedAsWell() {
    Buffer members = Buffer.buffer();
    for (int i = 0; i < 1001; i++) {
      members.appendBuffer(gzip(""));
    }
    assertThatThrownBy(() -> unpack(members, 4096))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("1000 gzip members");
    // Empty blocks of deflate, which go on for ever.
    Buffer blocks = Buffer.buffer(new byte[] {31, (byte) 139, 8, 0, 0, 0, 0, 0, 0, 0});
    byte[] empty = {0, 0, 0, (byte) 0xFF, (byte) 0xFF};
    for (int i = 0; i < 20_000; i++) {
      blocks.appendBytes(empty);
    }
    assertThatThrownBy(() -> unpack(blocks, 4096))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("packed bytes");
  }
}
