package dev.rollcall.warmup;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;

/** A connection to a server of HTTP/1.1, with one request at a time. Belongs to one thread. */
final class LoadConnection implements AutoCloseable {

  /** No answer takes so long, even of a process that does nothing but compile. */
  private static final int TIMEOUT_MILLIS = 30_000;

  private static final int LARGEST_HEAD = 16 * 1024;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer = new byte[LARGEST_HEAD];
  private int filled;

  LoadConnection(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  /**
   * Sends a request and reads its answer whole.
   *
   * @return its status
   */
  int exchange(byte[] request) throws IOException {
    out.write(request);
    filled = 0;
    int end = readHead();
    int status = digits(9, 12);
    long length = status == 204 || status == 304 ? 0 : header("content-length:", end);
    if (length < 0) {
      readChunks(end);
    } else {
      skip(length - (filled - end));
    }
    return status;
  }

  /** Gives the position behind the head. */
  private int readHead() throws IOException {
    int seen = 0;
    while (true) {
      fill();
      for (int i = Math.max(3, seen); i < filled; i++) {
        if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n') {
          return i + 1;
        }
      }
      seen = filled;
    }
  }

  private void fill() throws IOException {
    int read = filled == buffer.length ? -1 : in.read(buffer, filled, buffer.length - filled);
    if (read < 0) {
      throw new EOFException("an answer that has no end");
    }
    filled += read;
  }

  /** The number in a header of the head that ends there; -1 where it has no such header. */
  private long header(String name, int end) {
    for (int line = 0; line < end; line = after(line, end)) {
      if (startsWith(name, line, end)) {
        int from = line + name.length();
        while (buffer[from] == ' ') {
          from++;
        }
        int to = from;
        while (buffer[to] >= '0' && buffer[to] <= '9') {
          to++;
        }
        return digits(from, to);
      }
    }
    return -1;
  }

  /** Where the line after this one begins. */
  private int after(int line, int end) {
    int i = line;
    while (i < end && buffer[i] != '\n') {
      i++;
    }
    return i + 1;
  }

  private boolean startsWith(String name, int line, int end) {
    if (line + name.length() > end) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      int each = buffer[line + i];
      if ((each >= 'A' && each <= 'Z' ? each + 32 : each) != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int digits(int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = 10 * number + buffer[i] - '0';
    }
    return number;
  }

  /** Reads until what has come ends as the last chunk does; no JSON line does so. */
  private void readChunks(int end) throws IOException {
    byte[] last = {'\r', '\n', '0', '\r', '\n', '\r', '\n'};
    // The line break before the first chunk is the one that ends the head.
    int from = end - 2;
    while (!Arrays.equals(
        buffer, Math.max(from, filled - last.length), filled, last, 0, last.length)) {
      if (filled > buffer.length / 2) {
        int keep = last.length;
        System.arraycopy(buffer, filled - keep, buffer, 0, keep);
        filled = keep;
        from = 0;
      }
      fill();
    }
  }

  private void skip(long bytes) throws IOException {
    long left = bytes;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (read < 0) {
        throw new EOFException("an answer that breaks off");
      }
      left -= read;
    }
  }

  /** Safe for use by all threads: whoever waits for an answer then fails. */
  @Override
  public void close() throws IOException {
    try {
      // What would say goodbye over TLS could wait for ever.
      socket.setSoLinger(true, 0);
    } catch (SocketException closedAlready) {
      // As it is to be.
    }
    socket.close();
  }
}
