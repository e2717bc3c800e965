package dev.rollcall;

import dev.rollcall.config.ServerTls;
import dev.rollcall.config.Settings;
import dev.rollcall.warmup.BusLoad;
import dev.rollcall.warmup.LoadGenerator;
import dev.rollcall.warmup.LoadScript;
import dev.rollcall.warmup.StubSources;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A private copy of the process that is under load. All of it blocks, and belongs to one thread.
 */
@SuppressWarnings("try") // Its thread is its own, and is not interrupted while it closes.
final class WarmUpCopy implements AutoCloseable {

  /** Enough to keep the event loops busy, and few enough for them to answer in time. */
  private static final int CLIENTS = 16;

  private static final int BUS_CALLERS = 2;

  /** What opening and closing may take each: a part of a second, and more beside others' work. */
  private static final long PATIENCE_SECONDS = 15;

  /** A step of closing, which may fail. */
  private interface Step {
    void run() throws Exception;
  }

  private final Settings settings;
  private final Deque<Step> closing = new ArrayDeque<>();
  private @Nullable LoadGenerator load;
  private @Nullable BusLoad busLoad;

  /**
   * A copy that is not there yet.
   *
   * @param settings of the process
   */
  WarmUpCopy(Settings settings) {
    this.settings = settings;
  }

  /**
   * Starts it and its load; {@link #close} is called whether that succeeds or not.
   *
   * @throws Exception where something of it can't be had
   */
  void open() throws Exception {
    // Only its owner may look into it.
    Path folder = Files.createTempDirectory("rollcall-warm-up-");
    closing.push(() -> delete(folder));
    StubSources stub = StubSources.open();
    closing.push(stub::close);
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    WarmUpSettings own =
        new WarmUpSettings(settings, folder, stub.port(), HexFormat.of().formatHex(secret));
    Future<Rollcall> starting = Rollcall.start(own.copy());
    // It is closed as well where it takes longer than it is waited for.
    closing.push(() -> await(starting.transform(copy -> closed(copy.result()))));
    Rollcall copy = await(starting);
    ask(copy, own);
  }

  private void ask(Rollcall copy, WarmUpSettings own) throws Exception {
    BusLoad bus = new BusLoad(copy.vertx());
    bus.own(WarmUpSettings.BUS_SOURCE);
    SocketFactory sockets = sockets(copy.vertx(), settings.http().tls());
    LoadGenerator clients =
        new LoadGenerator(
            () -> sockets.createSocket("127.0.0.1", copy.httpPort()),
            new LoadScript(own.authorization(), own.views()));
    load = clients;
    closing.push(clients::close);
    clients.start(CLIENTS);
    if (own.usesBus()) {
      busLoad = bus;
      closing.push(bus::end);
      bus.start(BUS_CALLERS);
    }
  }

  private static Future<Void> closed(@Nullable Rollcall copy) {
    return copy == null ? Future.succeededFuture() : copy.close();
  }

  private static <T> T await(Future<T> future) throws Exception {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException("the copy took longer than " + PATIENCE_SECONDS + " s", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** Sockets that trust the process' own certificate and no other, where it has one. */
  private static SocketFactory sockets(Vertx vertx, Optional<ServerTls> tls) throws Exception {
    if (tls.isEmpty()) {
      return SocketFactory.getDefault();
    }
    PemTrustOptions own = new PemTrustOptions().addCertPath(tls.get().certificate().toString());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, own.getTrustManagerFactory(vertx).getTrustManagers(), null);
    return context.getSocketFactory();
  }

  /** How many requests were answered so far, over HTTP and the event bus. */
  long answers() {
    return (load == null ? 0 : load.answers()) + (busLoad == null ? 0 : busLoad.answers());
  }

  /** From now on each client waits so many milliseconds before its next request; 0 for not. */
  void pauseBetween(long millis) {
    if (load != null) {
      load.pauseBetween(millis);
    }
  }

  /** What went wrong with its requests first; nothing while all is as expected. */
  Optional<String> fault() {
    return load == null ? Optional.empty() : load.fault();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : all) {
        Files.deleteIfExists(file);
      }
    }
  }

  /**
   * Ends all of it and deletes its files, each although another failed.
   *
   * @throws IOException for the first that failed
   */
  @Override
  public void close() throws IOException {
    Exception first = null;
    boolean interrupted = false;
    while (!closing.isEmpty()) {
      try {
        closing.pop().run();
      } catch (InterruptedException e) {
        interrupted = true;
        first = first == null ? e : first;
      } catch (Exception e) {
        first = first == null ? e : first;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (first != null) {
      throw new IOException("the copy did not close: " + first.getMessage(), first);
    }
  }
}
