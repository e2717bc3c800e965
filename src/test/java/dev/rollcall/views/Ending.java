package dev.rollcall.views;

import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.sources.SourceStatus;
import dev.rollcall.sources.http.Upstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One way in which a source {@code x} may end, and what is to be made of that.
 *
 * @param name of the row
 * @param settings of the source, made for an upstream
 * @param prepare makes the source what it is to be before it is looked at, and gives what ends
 *     that; the view {@code before} asks it alone
 * @param status what it ends with when nothing else ends it first
 * @param ran whether it takes part in a race
 * @param atOnce whether it ends before anything that is listed behind it can begin
 * @param late whether it ends later than {@code y}
 */
record Ending(
    String name,
    Function<Upstream, List<String>> settings,
    Function<ViewsHarness, Cancellation> prepare,
    SourceStatus status,
    boolean ran,
    boolean atOnce,
    boolean late) {

  /** One that is late if it ends with a timeout. */
  Ending(
      String name,
      Function<Upstream, List<String>> settings,
      Function<ViewsHarness, Cancellation> prepare,
      SourceStatus status,
      boolean ran,
      boolean atOnce) {
    this(name, settings, prepare, status, ran, atOnce, status == SourceStatus.TIMEOUT);
  }

  /** An upstream that answers a path in its way. */
  static Ending http(String name, String path, SourceStatus status) {
    return new Ending(
        name, upstream -> at(upstream, path), h -> new Cancellation(), status, true, false);
  }

  /** An address on the event bus, and what owns it. */
  static Ending bus(String name, Consumer<ViewsHarness> owner, SourceStatus status) {
    return new Ending(
        name,
        upstream -> List.of("sources.x.address=test.x", "sources.x.breaker.failures=0"),
        harness -> {
          owner.accept(harness);
          return new Cancellation();
        },
        status,
        true,
        false);
  }

  /** An address that nobody owns. */
  static Ending noHandler() {
    return new Ending(
        "no handler",
        upstream -> List.of("sources.x.address=test.x", "sources.x.breaker.failures=0"),
        harness -> new Cancellation(),
        SourceStatus.FAILED,
        true,
        true);
  }

  /** A port that nobody listens on. */
  static Ending refusedConnection() {
    return new Ending(
        "refused connection",
        upstream ->
            List.of(
                "sources.x.http=http://127.0.0.1:" + closedPort() + "/{id}",
                "sources.x.breaker.failures=0"),
        harness -> new Cancellation(),
        SourceStatus.FAILED,
        true,
        false);
  }

  /** A source that failed once, which is enough for it to be left alone. */
  static Ending openBreaker() {
    return new Ending(
        "breaker open",
        upstream ->
            List.of(
                "sources.x.http=" + upstream.url("/status/500"),
                "sources.x.breaker.failures=1",
                "sources.x.breaker.openFor=10m"),
        harness -> {
          harness.fetch("before", null);
          return new Cancellation();
        },
        SourceStatus.REFUSED,
        false,
        true);
  }

  /** A source that may be asked once at a time, and is being asked. */
  static Ending limitReached() {
    return new Ending(
        "limit reached",
        upstream ->
            List.of(
                "sources.x.http=" + upstream.url("/slow/60000/{id}"),
                "sources.x.inFlight=1",
                "sources.x.waiting=0"),
        harness -> {
          Cancellation client = new Cancellation();
          var unused = harness.begin("before", null, 1, client);
          await().until(() -> harness.meter("in.flight", "x") == 1);
          return client;
        },
        SourceStatus.REFUSED,
        false,
        true);
  }

  private static List<String> at(Upstream upstream, String path) {
    // What is looked at is how one attempt ends, not what the breaker makes of many.
    return List.of("sources.x.http=" + upstream.url(path), "sources.x.breaker.failures=0");
  }

  private static int closedPort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
