import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Asks Rollcall and the floor for users over the event bus, in turn, and prints a line for each
 * round of each: its name, requests a second, and the milliseconds of the median and the 99th
 * percentile.
 *
 * <p>Its arguments begin at the fourth: users, messages in flight, seconds of warming up for each,
 * rounds, seconds of one.
 */
final class BusLoad extends VerticleBase {

  private static final String GET = "rollcall.users.get";

  private final String address;
  private final int users;
  private final int inFlight;
  private final long nanos;
  private final Promise<long[]> loaded = Promise.promise();
  private final SplittableRandom random = new SplittableRandom(42);
  private long[] took = new long[1 << 16];
  private int count;
  private int waiting;
  private long began;

  private BusLoad(String address, int users, int inFlight, long seconds) {
    this.address = address;
    this.users = users;
    this.inFlight = inFlight;
    this.nanos = TimeUnit.SECONDS.toNanos(seconds);
  }

  static void run(Vertx vertx, String[] args) throws Exception {
    int users = Integer.parseInt(args[3]);
    int inFlight = Integer.parseInt(args[4]);
    long warm = Long.parseLong(args[5]);
    int rounds = Integer.parseInt(args[6]);
    long seconds = Long.parseLong(args[7]);
    List<String> order = new ArrayList<>(List.of(GET, BusMember.ECHO));
    for (String address : order) {
      awaitOwner(vertx, address);
      load(vertx, new BusLoad(address, users, inFlight, warm));
    }
    for (int round = 0; round < rounds; round++) {
      for (String address : order) {
        String name = address.equals(GET) ? "rollcall" : "bare";
        System.out.println(
            name + " " + load(vertx, new BusLoad(address, users, inFlight, seconds)));
      }
      Collections.rotate(order, 1);
    }
  }

  /** Members learn of each other's addresses one by one. */
  private static void awaitOwner(Vertx vertx, String address) throws Exception {
    for (int tries = 0; ; tries++) {
      Future<Message<Object>> reply =
          vertx.eventBus().request(address, new JsonObject().put("id", 1));
      try {
        reply.await(60, TimeUnit.SECONDS);
        return;
      } catch (RuntimeException nobody) {
        if (tries == 100) {
          throw nobody;
        }
        Thread.sleep(100);
      }
    }
  }

  private static String load(Vertx vertx, BusLoad load) throws Exception {
    String deployed = vertx.deployVerticle(load).await(60, TimeUnit.SECONDS);
    long[] took =
        load.loaded.future().await(load.nanos * 2 + 60_000_000_000L, TimeUnit.NANOSECONDS);
    vertx.undeploy(deployed).await(60, TimeUnit.SECONDS);
    Arrays.sort(took);
    return String.format(
        Locale.ROOT,
        "%.1f %.3f %.3f",
        took.length * 1e9 / load.nanos,
        took[took.length / 2] / 1e6,
        took[took.length * 99 / 100] / 1e6);
  }

  @Override
  public Future<?> start() {
    began = System.nanoTime();
    for (int i = 0; i < inFlight; i++) {
      ask();
    }
    return Future.succeededFuture();
  }

  private void ask() {
    waiting++;
    long asked = System.nanoTime();
    vertx
        .eventBus()
        .<JsonObject>request(address, new JsonObject().put("id", 1 + random.nextInt(users)))
        .onComplete(reply -> answered(asked), loaded::tryFail);
  }

  private void answered(long asked) {
    waiting--;
    long now = System.nanoTime();
    // What is answered after the end does not count, but is waited for.
    if (now - began < nanos) {
      if (count == took.length) {
        took = Arrays.copyOf(took, 2 * count);
      }
      took[count++] = now - asked;
      ask();
    } else if (waiting == 0) {
      loaded.complete(Arrays.copyOf(took, count));
    }
  }
}
