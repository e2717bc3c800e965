import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A connection of {@link OpenLoop} with one request at a time: one thread sends, another receives,
 * and each hands it to the other.
 */
final class OpenLoopConnection {

  private static final int LARGEST = 64 * 1024;
  private static final String LENGTH = "\r\ncontent-length:";
  private static final int STATUS = 9;

  private final SocketChannel channel;
  private final ByteBuffer sent = ByteBuffer.allocateDirect(1024);
  private final ByteBuffer received = ByteBuffer.allocateDirect(LARGEST);

  /** When the request was due that it is about; what one thread writes the other one reads. */
  private volatile long due;

  private int head;
  private int end;

  OpenLoopConnection(SocketChannel channel) {
    this.channel = channel;
  }

  void send(byte[] request, long dueAt) throws IOException {
    due = dueAt;
    sent.clear().put(request).flip();
    channel.write(sent);
    if (sent.hasRemaining()) {
      throw new IOException("a request does not fit into an empty socket");
    }
  }

  long due() {
    return due;
  }

  /** Reads what is there; whether the answer is whole. */
  boolean receive() throws IOException {
    if (channel.read(received) < 0) {
      throw new EOFException("the server has closed a connection");
    }
    if (end == 0) {
      findEnd();
    }
    return end > 0 && received.position() >= end;
  }

  private void findEnd() throws IOException {
    for (int i = Math.max(head, 3); i < received.position(); i++) {
      if (received.get(i) == '\n' && received.get(i - 1) == '\r' && received.get(i - 2) == '\n') {
        end = i + 1 + length(i);
        return;
      }
    }
    head = received.position();
    if (!received.hasRemaining()) {
      throw new IOException("an answer without an end");
    }
  }

  private int length(int headEnd) throws IOException {
    for (int i = 0; i < headEnd - LENGTH.length(); i++) {
      if (received.get(i) == '\r' && isLength(i)) {
        return number(i + LENGTH.length());
      }
    }
    throw new IOException("an answer that does not say how long it is");
  }

  private boolean isLength(int at) {
    for (int i = 0; i < LENGTH.length(); i++) {
      byte each = received.get(at + i);
      if ((each >= 'A' && each <= 'Z' ? each + 'a' - 'A' : each) != LENGTH.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int number(int at) throws IOException {
    int i = at;
    while (received.get(i) == ' ') {
      i++;
    }
    int number = 0;
    for (; received.get(i) >= '0' && received.get(i) <= '9'; i++) {
      number = 10 * number + received.get(i) - '0';
    }
    if (number > LARGEST / 2) {
      throw new IOException("an answer of " + number + " bytes");
    }
    return number;
  }

  /** Whether the answer is a good one, once it is whole. */
  boolean good() {
    return received.get(STATUS) == '2';
  }

  /** Forgets the answer, so that the next one can come. */
  void clear() {
    received.clear();
    head = 0;
    end = 0;
  }
}
