import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Makes requests at a constant rate, whether the server keeps up or not, and counts each from the
 * moment that it was due. A closed loop asks a connection's next request once its last is answered,
 * so that it asks least while the server is slowest, and leaves out what clients would have waited
 * for then. The arguments are the port, a file with paths, the rate, the connections, the seconds
 * to load without counting, and the seconds to count.
 *
 * <p>One thread sends and one receives. A connection has one request at a time; what is due while
 * none is free is sent late and counted from when it was due.
 */
public final class OpenLoop {

  /** Longer than any answer takes: what comes later still counts as one that is missing. */
  private static final long PATIENCE_SECONDS = 10;

  private static final long HIGHEST_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int DIGITS = 3;

  private final List<byte[]> requests;
  private final int rate;
  private final BlockingQueue<OpenLoopConnection> free;
  private final Histogram waits = new Histogram(HIGHEST_NANOS, DIGITS);
  private final Histogram lateness = new Histogram(HIGHEST_NANOS, DIGITS);
  private final OpenLoopReceiver receiver;
  private final int connections;

  /** When the last wait for a free connection was over. */
  private long waited = System.nanoTime();

  private OpenLoop(int port, List<byte[]> requests, int rate, int connections) throws IOException {
    this.requests = requests;
    this.rate = rate;
    this.connections = connections;
    this.free = new ArrayBlockingQueue<>(connections);
    this.receiver = new OpenLoopReceiver(free, waits);
    for (int i = 0; i < connections; i++) {
      free.add(receiver.connect(port));
    }
  }

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    List<byte[]> requests = new ArrayList<>();
    for (String path : Files.readAllLines(Path.of(args[1]))) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
      requests.add(request.getBytes(ISO_8859_1));
    }
    int rate = Integer.parseInt(args[2]);
    OpenLoop load = new OpenLoop(port, requests, rate, Integer.parseInt(args[3]));
    load.run(Long.parseLong(args[4]), Long.parseLong(args[5]));
    System.exit(0);
  }

  private void run(long uncountedSeconds, long seconds) throws Exception {
    Thread receiving = new Thread(receiver, "receiver");
    receiving.setDaemon(true);
    receiving.start();
    wakeInTime();
    long began = System.nanoTime();
    long uncounted = uncountedSeconds * rate;
    long all = uncounted + seconds * rate;
    receiver.countFrom(began + TimeUnit.SECONDS.toNanos(uncountedSeconds));
    for (long n = 0; n < all; n++) {
      // Each is due by the clock, not so long after the last one, or what is late would stay so.
      long due = began + n * TimeUnit.SECONDS.toNanos(1) / rate;
      send(due, requests.get((int) (n % requests.size())), n >= uncounted);
    }
    int back = 0;
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (back < connections
        && free.poll(patience - System.nanoTime(), TimeUnit.NANOSECONDS) != null) {
      back++;
    }
    receiver.end();
    receiving.join();
    report(all - uncounted, seconds);
  }

  private void send(long due, byte[] request, boolean counts) throws Exception {
    long now = System.nanoTime();
    while (now < due) {
      LockSupport.parkNanos(due - now);
      now = System.nanoTime();
    }
    if (counts) {
      // Until the last wait for a connection was over it was the server that held this up.
      lateness.recordValue(Math.min(HIGHEST_NANOS, now - Math.max(due, waited)));
    }
    OpenLoopConnection connection = free.poll();
    if (connection == null) {
      connection = free.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      waited = System.nanoTime();
    }
    if (connection == null || receiver.failure() != null) {
      throw new IOException("no connection came free", receiver.failure());
    }
    connection.send(request, due);
  }

  /**
   * The kernel lets a sleeper wait up to 50 µs longer than it asked for, as much as an answer
   * takes. Where that can't be changed, it is part of what is measured of each server.
   */
  private static void wakeInTime() {
    try {
      String thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString();
      Files.writeString(Path.of("/proc", thread, "timerslack_ns"), "1");
    } catch (IOException e) {
      System.err.println("the kernel's timers stay as late as they are: " + e);
    }
  }

  private void report(long asked, long seconds) {
    double throughput = (double) waits.getTotalCount() / seconds;
    System.out.printf(
        Locale.ROOT,
        "asked %d, answered %d, bad %d, a second %.1f, p50 %.1f us, p99 %.1f us, p99.9 %.1f us,"
            + " max %.1f us, behind %.1f us%n",
        asked,
        waits.getTotalCount(),
        receiver.bad(),
        throughput,
        micros(waits, 50),
        micros(waits, 99),
        micros(waits, 99.9),
        micros(waits, 100),
        micros(lateness, 99));
  }

  private static double micros(Histogram histogram, double percentile) {
    return histogram.getValueAtPercentile(percentile) / 1e3;
  }
}
