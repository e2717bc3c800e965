import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** Receives what {@link OpenLoop} asked for, on a thread of its own. */
final class OpenLoopReceiver implements Runnable {

  private final Queue<OpenLoopConnection> free;
  private final Histogram waits;
  private final Selector selector = Selector.open();
  private volatile long countFrom = Long.MAX_VALUE;
  private volatile boolean ending;
  private volatile IOException failure;
  private long bad;

  OpenLoopReceiver(Queue<OpenLoopConnection> free, Histogram waits) throws IOException {
    this.free = free;
    this.waits = waits;
  }

  OpenLoopConnection connect(int port) throws IOException {
    SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    OpenLoopConnection connection = new OpenLoopConnection(channel);
    channel.register(selector, SelectionKey.OP_READ, connection);
    return connection;
  }

  /** Counts what is due from that moment on, by {@link System#nanoTime}. */
  void countFrom(long moment) {
    countFrom = moment;
  }

  @Override
  public void run() {
    Consumer<SelectionKey> each = key -> receive((OpenLoopConnection) key.attachment());
    try {
      while (!ending && failure == null) {
        selector.select(each);
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  private void receive(OpenLoopConnection connection) {
    try {
      if (connection.receive()) {
        count(connection);
        connection.clear();
        free.add(connection);
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  private void count(OpenLoopConnection connection) {
    long due = connection.due();
    if (due - countFrom < 0) {
      return;
    }
    long now = System.nanoTime();
    waits.recordValue(Math.min(waits.getHighestTrackableValue(), now - due));
    if (!connection.good()) {
      bad++;
    }
  }

  /** What went wrong first; null while nothing has. */
  IOException failure() {
    return failure;
  }

  /** Ends its thread; what it counted may be read once that has ended. */
  void end() {
    ending = true;
    selector.wakeup();
  }

  /** How many of the answers that count were none of 2xx. */
  long bad() {
    return bad;
  }
}
