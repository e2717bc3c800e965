package dev.rollcall.ops;

import static dev.rollcall.users.Awaiting.await;

import dev.rollcall.access.ServerCertificate;
import dev.rollcall.access.TestAuthentication;
import dev.rollcall.access.clients.WrongCredentials;
import dev.rollcall.config.Settings;
import dev.rollcall.views.RecentFetches;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The port of operators, on a free one, of a node in which little else runs. */
final class ManagementServer implements AutoCloseable {

  /** Where the console is said to find users; nothing listens there. */
  static final int USERS_PORT = 48_080;

  final Vertx vertx = Vertx.vertx();
  final int port;

  /** How many backups were asked for; each is made at once. */
  final AtomicInteger backups = new AtomicInteger();

  private final Metrics metrics = new Metrics();

  /** Starts it with settings of the form {@code management.hosts=ops.example}. */
  ManagementServer(String... sets) {
    Settings settings =
        Settings.of(
            Stream.concat(Stream.of("management.port=0"), Stream.of(sets)).toArray(String[]::new));
    ManagementVerticle verticle =
        new ManagementVerticle(
            settings,
            settings
                .management()
                .tls()
                .map(
                    files ->
                        ServerCertificate.open(vertx, "management.tls", files, ClientAuth.REQUEST)),
            TestAuthentication.of(settings),
            new WrongCredentials(System::nanoTime),
            await(EventLoopWatch.deploy(vertx, 1, metrics.registry())),
            new NodeReadiness(
                "",
                Set::of,
                new Readiness(() -> Future.succeededFuture(true), Future::succeededFuture)),
            metrics,
            new RecentFetches(10),
            () -> USERS_PORT,
            this::backUp);
    await(vertx.deployVerticle(verticle));
    port = verticle.port();
  }

  private Future<JsonObject> backUp() {
    backups.incrementAndGet();
    return Future.succeededFuture(new JsonObject().put("file", "f"));
  }

  @Override
  public void close() {
    metrics.close();
    await(vertx.close());
  }
}
