package dev.rollcall.framing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A client of HTTP/2 that sends what no library would, frame by frame, and takes nothing by itself:
 * it opens no window and answers no ping. All reads give up after 10 s.
 */
public final class RawHttp2Client implements AutoCloseable {

  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int PRIORITY = 2;
  public static final int RESET = 3;
  public static final int SETTINGS = 4;
  public static final int PING = 6;
  public static final int GO_AWAY = 7;
  public static final int WINDOW = 8;
  public static final int CONTINUATION = 9;

  public static final int END_STREAM = 1;
  public static final int ACK = 1;
  public static final int END_HEADERS = 4;

  private static final int HAS_PRIORITY = 32;

  public static final int INITIAL_WINDOW_SIZE = 4;
  public static final int MAX_HEADER_LIST_SIZE = 6;

  /** A frame; fields are those of a head, and empty for all others. */
  @SuppressWarnings("ArrayRecordComponent") // Frames are read, and not compared.
  public record Frame(int type, int flags, int stream, byte[] payload, Map<String, String> fields) {

    /** The code of a reset or a GOAWAY. */
    public int code() {
      return Unpooled.wrappedBuffer(payload).getInt(type == GO_AWAY ? 4 : 0);
    }

    /** The fields of a head as they were encoded; a priority may stand before them. */
    public ByteBuf block() {
      int from = (flags & HAS_PRIORITY) != 0 ? 5 : 0;
      return Unpooled.wrappedBuffer(payload, from, payload.length - from);
    }

    public boolean isLast() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }
  }

  /**
   * An answer.
   *
   * @param reset the code of the reset that it ended with; -1 where it is whole
   */
  public record Answer(int status, Map<String, String> fields, String body, int reset) {}

  private final SSLSocket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
  private final String authority;
  private int lastStream = -1;

  /** Connects, and says nothing yet. */
  public RawHttp2Client(SSLContext tls, int port) throws IOException {
    socket =
        (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    if (!socket.getApplicationProtocol().equals("h2")) {
      throw new SSLException("HTTP/2 was not chosen but " + socket.getApplicationProtocol());
    }
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
    authority = "localhost:" + port;
  }

  /** Begins as a client has to. */
  public RawHttp2Client begin(int... settings) throws IOException {
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return settings(settings).send(SETTINGS, ACK, 0);
  }

  /** Settings and their values in turn. */
  public RawHttp2Client settings(int... settings) throws IOException {
    ByteBuf payload = Unpooled.buffer();
    for (int i = 0; i < settings.length; i += 2) {
      payload.writeShort(settings[i]).writeInt(settings[i + 1]);
    }
    return send(SETTINGS, 0, 0, ByteBufUtil.getBytes(payload));
  }

  public RawHttp2Client send(int type, int flags, int stream, byte... payload) throws IOException {
    out.write(frame(type, flags, stream, payload));
    out.flush();
    return this;
  }

  /** Sends the same frame again and again, as far as the server takes it. */
  public void flood(int times, int type, int flags, int stream, byte... payload) {
    byte[] frame = frame(type, flags, stream, payload);
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    try {
      for (int i = 0; i < times; i++) {
        many.write(frame);
        if (many.size() > 8192) {
          out.write(many.toByteArray());
          many.reset();
        }
      }
      out.write(many.toByteArray());
      out.flush();
    } catch (IOException e) {
      // What matters is what the server says of it, which may be there already.
    }
  }

  private static byte[] frame(int type, int flags, int stream, byte... payload) {
    ByteBuf frame = Unpooled.buffer(9 + payload.length);
    frame.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(stream);
    return ByteBufUtil.getBytes(frame.writeBytes(payload));
  }

  /** The head of a request of this server's, with further fields as names and values in turn. */
  public Http2Headers head(String method, String path, String... fields) {
    Http2Headers head = new DefaultHttp2Headers(false);
    head.method(method).scheme("https").authority(authority).path(path);
    for (int i = 0; i < fields.length; i += 2) {
      head.add(fields[i], fields[i + 1]);
    }
    return head;
  }

  /** Begins a request; the number of its stream. */
  public int request(boolean last, Http2Headers head) throws IOException {
    lastStream += 2;
    send(HEADERS, END_HEADERS | (last ? END_STREAM : 0), lastStream, encode(lastStream, head));
    return lastStream;
  }

  /** A request without a body; the number of its stream. */
  public int get(String path, String... fields) throws IOException {
    return request(true, head("GET", path, fields));
  }

  /** So many of them in one piece; the number of the last one's stream. */
  public int getAtOnce(int times, String path, String... fields) throws IOException {
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    for (int i = 0; i < times; i++) {
      lastStream += 2;
      byte[] head = encode(lastStream, head("GET", path, fields));
      many.writeBytes(frame(HEADERS, END_HEADERS | END_STREAM, lastStream, head));
    }
    out.write(many.toByteArray());
    out.flush();
    return lastStream;
  }

  public byte[] encode(int stream, Http2Headers head) {
    ByteBuf block = Unpooled.buffer();
    try {
      encoder.encodeHeaders(stream, head, block);
    } catch (Http2Exception e) {
      throw new IllegalArgumentException(e);
    }
    return ByteBufUtil.getBytes(block);
  }

  public RawHttp2Client data(int stream, boolean last, String text) throws IOException {
    return send(DATA, last ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.UTF_8));
  }

  public RawHttp2Client reset(int stream) throws IOException {
    return send(RESET, 0, stream, number(8));
  }

  public RawHttp2Client open(int stream, int bytes) throws IOException {
    return send(WINDOW, 0, stream, number(bytes));
  }

  public static byte[] number(int value) {
    return new byte[] {
      (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
    };
  }

  /** The next frame; null when the server has closed the connection. */
  public @Nullable Frame read() throws IOException {
    byte[] payload;
    int type;
    int flags;
    int stream;
    try {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      type = in.readUnsignedByte();
      flags = in.readUnsignedByte();
      stream = in.readInt();
      payload = new byte[length];
      in.readFully(payload);
    } catch (java.io.EOFException | SocketException | SSLException e) {
      return null;
    }
    Frame frame = new Frame(type, flags, stream, payload, new TreeMap<>());
    if (type == HEADERS) {
      try {
        decoder
            .decodeHeaders(stream, frame.block())
            .forEach(
                field ->
                    frame.fields().put(field.getKey().toString(), field.getValue().toString()));
      } catch (Http2Exception e) {
        throw new IOException(e);
      }
    }
    return frame;
  }

  /** The next frame of a type, whatever comes before; null when the connection ends without one. */
  public @Nullable Frame next(int type) throws IOException {
    Frame frame = read();
    while (frame != null && frame.type() != type) {
      frame = read();
    }
    return frame;
  }

  /**
   * The whole answer of a stream, or what there is of it when it is reset. What comes of others
   * meanwhile is lost.
   */
  public Answer answer(int stream) throws IOException {
    Map<String, String> fields = Map.of();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      Frame frame = read();
      if (frame == null) {
        throw new IOException("the connection has ended without an answer");
      }
      if (frame.stream() != stream) {
        continue;
      }
      if (frame.type() == HEADERS && !"100".equals(frame.fields().get(":status"))) {
        fields = frame.fields();
      } else if (frame.type() == DATA) {
        body.writeBytes(frame.payload());
      }
      if (frame.isLast() || frame.type() == RESET) {
        return new Answer(
            Integer.parseInt(fields.getOrDefault(":status", "0")),
            fields,
            body.toString(StandardCharsets.UTF_8),
            frame.type() == RESET ? frame.code() : -1);
      }
    }
  }

  /** How the server ends the connection: the code of its GOAWAY, or -1 where there was none. */
  public int awaitEnd() throws IOException {
    int code = -1;
    Frame frame = read();
    while (frame != null) {
      code = frame.type() == GO_AWAY ? frame.code() : code;
      frame = read();
    }
    return code;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
