package dev.rollcall.bus.bridge;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A WebSocket that sends what no library would, frame by frame. All reads give up after 30 s. */
public final class WireSocket implements AutoCloseable {

  public static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;

  /** A frame of the server. */
  public record Frame(int opcode, Buffer payload) {

    public String text() {
      return payload.toString();
    }

    /** Of a close. */
    public int code() {
      return payload.getShort(0);
    }

    /** Of a close. */
    public String reason() {
      return payload.getString(2, payload.length());
    }
  }

  private final Socket socket = new Socket();
  private final OutputStream out;
  private final DataInputStream in;
  private final List<String> head = new ArrayList<>();

  /** Connects, and asks for a path with further lines of the head. */
  public WireSocket(int port, String path, String... fields) throws IOException {
    this(port, lines(port, path, fields));
  }

  private static List<String> lines(int port, String path, String... fields) {
    List<String> lines = new ArrayList<>();
    lines.add("GET " + path + " HTTP/1.1");
    lines.add("Host: 127.0.0.1:" + port);
    lines.add("Connection: Upgrade");
    lines.add("Upgrade: websocket");
    lines.add("Sec-WebSocket-Version: 13");
    lines.add("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    lines.addAll(List.of(fields));
    return lines;
  }

  /** Connects, and asks by a head of its own. */
  public static WireSocket asking(int port, String request, String... fields) throws IOException {
    List<String> lines = new ArrayList<>(List.of(request));
    lines.addAll(List.of(fields));
    return new WireSocket(port, lines);
  }

  private WireSocket(int port, List<String> lines) throws IOException {
    // Small, so that what is not read comes to weigh on the server soon.
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(30_000);
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
    in = new DataInputStream(socket.getInputStream());
    out.write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    for (String line = line(); !line.isEmpty(); line = line()) {
      head.add(line);
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the server closed");
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  /** The status of the answer to the handshake. */
  public int status() {
    return Integer.parseInt(head.get(0).split(" ", 3)[1]);
  }

  /** The lines of the answer to the handshake. */
  public List<String> head() {
    return head;
  }

  public WireSocket text(String text) throws IOException {
    return send(TEXT, true, text.getBytes(StandardCharsets.UTF_8));
  }

  public WireSocket send(int opcode, boolean last, byte[] payload) throws IOException {
    head(opcode, last, payload.length);
    out.write(payload);
    return this;
  }

  /** Begins a frame, whose payload is to follow. */
  public WireSocket head(int opcode, boolean last, long length) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(14);
    head.put((byte) ((last ? FINAL : 0) | opcode));
    if (length < 126) {
      head.put((byte) (MASKED | length));
    } else if (length < 1 << 16) {
      head.put((byte) (MASKED | 126)).putShort((short) length);
    } else {
      head.put((byte) (MASKED | 127)).putLong(length);
    }
    // A mask of zeros leaves the payload as it is.
    head.putInt(0);
    out.write(head.array(), 0, head.position());
    return this;
  }

  /** Sends bytes as they are. */
  public WireSocket bytes(byte[] bytes) throws IOException {
    out.write(bytes);
    return this;
  }

  /** The next frame of the server, pings and pongs included; a close is answered. */
  public Frame next() throws IOException {
    int opcode = in.readUnsignedByte() & 0x0F;
    long length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    byte[] payload = new byte[Math.toIntExact(length)];
    in.readFully(payload);
    if (opcode == CLOSE) {
      send(CLOSE, true, payload);
    }
    return new Frame(opcode, Buffer.buffer(payload));
  }

  /** The next frame of the server of a kind; others are passed over. */
  public Frame next(int opcode) throws IOException {
    Frame frame = next();
    while (frame.opcode() != opcode) {
      frame = next();
    }
    return frame;
  }

  /** Whether the server ends the connection, whatever it sends before. */
  public boolean ends() {
    try {
      while (true) {
        next();
      }
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
