package dev.rollcall.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A client that sends what no library would, byte by byte. All reads give up after 10 s. */
final class RawClient implements AutoCloseable {

  /** An answer; header names in lower case. */
  record Answer(int status, Map<String, String> headers, String body) {}

  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;

  RawClient(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** Over a connection that is there, which may be one of TLS. */
  RawClient(Socket connected) throws IOException {
    socket = connected;
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
    in = socket.getInputStream();
  }

  RawClient send(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    return this;
  }

  /**
   * Sends bytes as far as the server takes them: it may refuse and close before it has them all.
   */
  void sendOrStop(String text) {
    try {
      send(text);
    } catch (IOException e) {
      // What matters is the answer, which may be there already.
    }
  }

  /** Resets the connection, as a client does that dies. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Says that nothing more will be sent. */
  void finish() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      // The server was first to close.
    }
  }

  /** Sends a head: the request line, Host, and further lines. */
  RawClient head(String line, String... fields) throws IOException {
    StringBuilder head = new StringBuilder(line).append(" HTTP/1.1\r\nHost: test\r\n");
    for (String field : fields) {
      head.append(field).append("\r\n");
    }
    return send(head.append("\r\n").toString());
  }

  /** Reads the head of an answer, without what follows it. */
  Answer readHead() throws IOException {
    String[] status = line().split(" ", 3);
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Answer(Integer.parseInt(status[1]), headers, "");
  }

  /** Reads an answer with a Content-Length, or without a body. */
  Answer read() throws IOException {
    Answer head = readHead();
    int length = Integer.parseInt(head.headers().getOrDefault("content-length", "0"));
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new Answer(head.status(), head.headers(), body);
  }

  /** Reads an answer whatever tells its length. */
  Answer readWhole() throws IOException {
    Answer head = readHead();
    StringBuilder body = new StringBuilder();
    if ("chunked".equals(head.headers().get("transfer-encoding"))) {
      for (String chunk = readChunk(); chunk != null; chunk = readChunk()) {
        body.append(chunk);
      }
    } else {
      int length = Integer.parseInt(head.headers().getOrDefault("content-length", "0"));
      // A 304 tells the length of what it stands for, and has no body.
      body.append(
          new String(in.readNBytes(head.status() == 304 ? 0 : length), StandardCharsets.UTF_8));
    }
    return new Answer(head.status(), head.headers(), body.toString());
  }

  /** Reads one chunk of an answer; null for the last one. */
  @Nullable String readChunk() throws IOException {
    int length = Integer.parseInt(line(), 16);
    String chunk = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    line();
    return length == 0 ? null : chunk;
  }

  /** Reads what comes until the server closes the connection. */
  String readToEnd() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Waits until the server closes the connection; whether it did so without a reset. */
  boolean awaitClose() throws IOException {
    try {
      while (in.read() >= 0) {
        // What is left of an answer does not matter here.
      }
      return true;
    } catch (SocketException e) {
      return false;
    }
  }

  /** Whether something has come that was not read, within a tenth of a second. */
  boolean hasAnswer() throws IOException {
    socket.setSoTimeout(100);
    try {
      return in.read() >= 0;
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      socket.setSoTimeout(10_000);
    }
  }

  /**
   * Reads so often, so many bytes at a time, with a pause after each, until the end; how many there
   * were.
   */
  long drain(int times, int bytes, long pauseMillis) throws IOException, InterruptedException {
    long all = 0;
    byte[] buffer = new byte[bytes];
    try {
      for (int i = 0; i < times; i++) {
        int read = in.read(buffer);
        if (read < 0) {
          return all;
        }
        all += read;
        Thread.sleep(pauseMillis);
      }
    } catch (SocketException e) {
      // It was cut off.
    }
    return all;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("the connection was closed after: " + line);
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
