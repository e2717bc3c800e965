import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Somebody who reads a user every few milliseconds, whatever else goes on. */
final class JobReads implements AutoCloseable {

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final SplittableRandom random = new SplittableRandom(42);
  private final Server server;
  private final int users;
  private final Thread thread = new Thread(this::read, "reads");
  private long[] took = new long[1 << 14];
  private int count;
  private int bad;
  private volatile boolean ended;

  private JobReads(Server server, int users) {
    this.server = server;
    this.users = users;
  }

  static JobReads begin(Server server, int users) {
    JobReads reads = new JobReads(server, users);
    reads.thread.start();
    return reads;
  }

  private void read() {
    try {
      long due = System.nanoTime();
      while (!ended) {
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        // From when it was due: a client that was held up counts what it waited.
        readOne(due);
        due += PAUSE_NANOS;
      }
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
    }
  }

  private void readOne(long due) throws InterruptedException {
    URI uri = URI.create(server.url("/users/" + (1 + random.nextInt(users))));
    try {
      int status =
          client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
      bad += status == 200 ? 0 : 1;
    } catch (IOException e) {
      bad++;
    }
    if (count == took.length) {
      took = Arrays.copyOf(took, 2 * count);
    }
    took[count++] = System.nanoTime() - due;
  }

  /** Ends, and tells of how many milliseconds all but so many of a hundred took less. */
  double endWithMillis(int percent) throws InterruptedException {
    close();
    thread.join();
    long[] sorted = Arrays.copyOf(took, count);
    Arrays.sort(sorted);
    return count == 0 ? 0 : sorted[(int) (count * (long) percent / 100)] / 1e6;
  }

  /** Answers other than 200; to be asked once it has ended. */
  int bad() {
    return bad;
  }

  @Override
  public void close() {
    ended = true;
  }
}
