package dev.rollcall.http.documents;

import dev.rollcall.base.ClassPathFile;
import dev.rollcall.base.Sha256;
import dev.rollcall.http.server.Exchange;
import dev.rollcall.http.server.Fields;
import dev.rollcall.http.server.MediaTypes;
import dev.rollcall.users.EntityTags;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file that is the same for everybody and changes with the program alone: plain, or compressed
 * for whoever takes that, each under a tag of its own by which a client asks whether it still
 * holds.
 *
 * <p>It is put together when somebody asks for it first, since most processes are never asked, and
 * kept from then on. Any thread may ask.
 */
final class StaticFile {

  private static final int OK = 200;
  private static final int NOT_MODIFIED = 304;

  private final CharSequence type;
  private final List<String> parts;
  private volatile @Nullable Loaded loaded;

  /** The bytes of one coding, and what names them. */
  private record Coded(Buffer bytes, long tag) {
    static Coded of(Buffer bytes) {
      // Tags are whole numbers of 53 bits, as they are of users.
      return new Coded(bytes, ByteBuffer.wrap(Sha256.of(bytes.getBytes())).getLong() >>> 11);
    }
  }

  private record Loaded(Coded plain, Coded compressed) {}

  /**
   * A file that has not been read yet.
   *
   * @param parts of the class path, which follow one another
   */
  StaticFile(String type, List<String> parts) {
    this.type = HttpHeaders.createOptimized(type);
    this.parts = parts;
  }

  /** Fails where a part is missing. */
  void require() {
    parts.forEach(ClassPathFile::require);
  }

  /** Answers GET and HEAD, once the file has been read. */
  void answer(Exchange exchange) {
    Loaded there = loaded;
    if (there != null) {
      send(exchange, there);
    } else {
      exchange.reply(
          Vertx.currentContext().executeBlocking(this::load), read -> send(exchange, read));
    }
  }

  private synchronized Loaded load() {
    Loaded there = loaded;
    if (there == null) {
      Buffer plain = Buffer.buffer();
      parts.forEach(part -> plain.appendBuffer(ClassPathFile.read(part)).appendString("\n"));
      there = new Loaded(Coded.of(plain), Coded.of(compress(plain)));
      loaded = there;
    }
    return there;
  }

  private static Buffer compress(Buffer plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain.getBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  private void send(Exchange exchange, Loaded file) {
    if (exchange.ended()) {
      return;
    }
    EntityTags.Tags known = EntityTags.known(exchange.requestHeaders());
    boolean compressed = MediaTypes.takesGzip(exchange.requestHeaders());
    Coded coded = compressed ? file.compressed : file.plain;
    exchange.kept(Fields.OPEN_REVALIDATE);
    exchange
        .response()
        .headers()
        .set(HttpHeaders.ETAG, EntityTags.of(coded.tag))
        .add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    if (known != null && known.hold(coded.tag)) {
      exchange.send(NOT_MODIFIED);
      return;
    }
    if (compressed) {
      exchange.response().headers().set(HttpHeaders.CONTENT_ENCODING, Fields.GZIP);
    }
    exchange.send(OK, type, coded.bytes);
  }
}
