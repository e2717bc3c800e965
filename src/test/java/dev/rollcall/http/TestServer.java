package dev.rollcall.http;

import dev.rollcall.access.KeyRing;
import dev.rollcall.access.ServerCertificate;
import dev.rollcall.access.TestAuthentication;
import dev.rollcall.access.sessions.StoredSessions;
import dev.rollcall.access.sessions.UserSessions;
import dev.rollcall.access.tokens.SignatureChecks;
import dev.rollcall.budgets.OutboundBudget;
import dev.rollcall.budgets.OutboundBudgets;
import dev.rollcall.cluster.Node;
import dev.rollcall.config.Settings;
import dev.rollcall.config.StoreSettings;
import dev.rollcall.config.auth.SessionSettings;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.credentials.Passwords;
import dev.rollcall.followers.cursors.CursorWatch;
import dev.rollcall.followers.cursors.KeptCursors;
import dev.rollcall.followers.erasures.StoredErasures;
import dev.rollcall.followers.receipts.PublishedKeys;
import dev.rollcall.followers.receipts.StoredReceipts;
import dev.rollcall.followers.webhooks.StoredWebhooks;
import dev.rollcall.followers.webhooks.WebhookVerticle;
import dev.rollcall.http.connections.HttpLimits;
import dev.rollcall.jobs.JobVerticle;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.operations.Resources;
import dev.rollcall.sources.LocalSources;
import dev.rollcall.sources.bus.SourceVerticle;
import dev.rollcall.store.sqlite.SqliteStore;
import dev.rollcall.users.UserService;
import dev.rollcall.users.Users;
import dev.rollcall.views.RecentFetches;
import dev.rollcall.views.Views;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A real server over a real store, on a free port, with a client that waits for its answers. */
final class TestServer implements AutoCloseable {

  private static final int INSTANCES = 2;

  final Vertx vertx = Node.alone(Settings.of().deploy());
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final Settings settings;
  final SqliteStore store;
  final Users users;
  final Views views;

  /** None where the settings say that other nodes keep the store. */
  final Optional<Jobs> jobs;

  /** None where the settings have none. */
  final Optional<UserSessions> sessions;

  final OutboundBudget budget;
  final HttpLimits limits;
  final WebClient client;
  final KeyRing keys = TestAuthentication.ring();
  final String deployment;
  private final Optional<String> running;
  private final String delivering;

  private Optional<ServerCertificate> certificate() {
    return settings
        .http()
        .tls()
        .map(files -> ServerCertificate.open(vertx, "http.tls", files, ClientAuth.REQUIRED));
  }

  /** Starts a server with settings of the form {@code http.inFlightLimit=1}. */
  TestServer(Path folder, String... sets) {
    this(folder, UnaryOperator.identity(), sets);
  }

  /** Starts a server whose users are changed on the way, to make them slow or to let them fail. */
  TestServer(Path folder, UnaryOperator<Users> between, String... sets) {
    // Hashes of a millisecond: what they cost is not what most tests are about.
    List<String> all =
        new ArrayList<>(
            List.of(
                "http.port=0",
                // The names that clients of these tests call it by.
                "http.hosts=test,a,b",
                "credentials.memory=1MiB",
                "credentials.iterations=1"));
    all.addAll(List.of(sets));
    settings = Settings.of(all.toArray(String[]::new));
    store =
        SqliteStore.open(
            vertx,
            new SqliteStore.Options(
                folder.resolve("rollcall.db"),
                2,
                4096,
                1 << 20,
                1 << 20,
                settings.changes().keep(),
                Long.MAX_VALUE),
            registry);
    users =
        between.apply(
            new UserService(store, new Passwords(vertx, settings.credentials(), registry)));
    budget =
        OutboundBudgets.of(settings.outbound().limit(), settings.outbound().patience(), registry);
    vertx.setPeriodic(OutboundBudget.SWEEP_MILLIS, turn -> budget.sweep());
    limits = new HttpLimits(settings, budget, registry);
    LocalSources local = new LocalSources(null);
    views = new Views(vertx, settings, users, local, new RecentFetches(100), registry);
    for (SourceSettings source : settings.sources().values()) {
      if (source.target().isServed()) {
        await(
            vertx.deployVerticle(
                () -> new SourceVerticle(source, local),
                new DeploymentOptions().setInstances(INSTANCES)));
      }
    }
    jobs =
        settings.store().kind() == StoreSettings.Kind.REMOTE
            ? Optional.empty()
            : Optional.of(Jobs.over(store.jobs(), views, settings.jobs()));
    sessions = settings.auth().sessions().map(this::sessions);
    CursorWatch watch = new CursorWatch(vertx, store.tables().cursors(), registry);
    StoredReceipts receipts =
        new StoredReceipts(
            vertx, store.tables().receiptKeys(), settings.auth().secret(), Clock.systemUTC());
    StoredWebhooks webhooks =
        new StoredWebhooks(store.tables().webhooks(), store, Clock.systemUTC());
    delivering =
        await(
            vertx.deployVerticle(
                new WebhookVerticle(
                    store,
                    store.tables().webhooks(),
                    store.tables().deliveries(),
                    webhooks,
                    settings.webhooks(),
                    registry)));
    Optional<ServerCertificate> certificate = certificate();
    deployment =
        await(
            vertx.deployVerticle(
                () ->
                    new HttpVerticle(
                        settings,
                        new Resources(
                            users,
                            views,
                            jobs,
                            TestAuthentication.keys(vertx, store.tables().keys()),
                            new KeptCursors(store.tables().cursors(), users, watch),
                            sessions,
                            limits.rates().wrongCredentials(),
                            Optional.of(webhooks),
                            new PublishedKeys(receipts),
                            Optional.of(
                                new StoredErasures(
                                    store.tables().erasures(),
                                    store,
                                    List.of("account"),
                                    receipts,
                                    Clock.systemUTC()))),
                        limits,
                        certificate,
                        TestAuthentication.of(settings, keys, sessions),
                        loop -> Optional.empty()),
                new DeploymentOptions().setInstances(INSTANCES)));
    running = jobs.map(this::run);
    client =
        WebClient.create(
            vertx,
            new WebClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(limits.port()));
  }

  private UserSessions sessions(SessionSettings declared) {
    Clock clock = Clock.systemUTC();
    StoredSessions kept =
        new StoredSessions(
            vertx,
            store.tables().sessions(),
            declared,
            settings.auth().secret().orElseThrow(),
            clock);
    await(kept.start());
    UserSessions followed =
        new UserSessions(vertx, kept, declared, new SignatureChecks(vertx, registry), clock);
    await(followed.follow());
    return followed;
  }

  private String run(Jobs present) {
    DeploymentOptions instances = new DeploymentOptions().setInstances(settings.jobs().atOnce());
    String owner = UUID.randomUUID().toString();
    return await(vertx.deployVerticle(() -> new JobVerticle(present, owner), instances));
  }

  int port() {
    return limits.port();
  }

  HttpRequest<Buffer> request(String method, String target) {
    return client.request(HttpMethod.valueOf(method), target);
  }

  HttpResponse<Buffer> get(String target) {
    return await(request("GET", target).send());
  }

  /** Sends a body as {@code application/json}. */
  HttpResponse<Buffer> send(String method, String target, String json) {
    return await(
        request(method, target)
            .putHeader("Content-Type", "application/json")
            .sendBuffer(Buffer.buffer(json)));
  }

  HttpResponse<Buffer> importLines(String lines) {
    return await(
        request("POST", "/users/import")
            .putHeader("Content-Type", "application/x-ndjson")
            .sendBuffer(Buffer.buffer(lines)));
  }

  RawClient raw() throws IOException {
    return new RawClient(port());
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("no answer", e);
    }
  }

  @Override
  public void close() throws IOException {
    running.ifPresent(id -> await(vertx.undeploy(id)));
    await(vertx.undeploy(delivering));
    await(vertx.undeploy(deployment).otherwiseEmpty());
    sessions.ifPresent(UserSessions::close);
    store.close();
    await(vertx.close());
  }
}
