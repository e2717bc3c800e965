package dev.rollcall.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.access.KeyRing;
import dev.rollcall.access.TestAuthentication;
import dev.rollcall.access.clients.ClientAddresses;
import dev.rollcall.access.clients.WrongCredentials;
import dev.rollcall.budgets.OutboundBudget;
import dev.rollcall.budgets.OutboundBudgets;
import dev.rollcall.bus.bridge.Bridge;
import dev.rollcall.bus.bridge.BridgeLimits;
import dev.rollcall.config.Settings;
import dev.rollcall.credentials.Passwords;
import dev.rollcall.followers.cursors.CursorStore;
import dev.rollcall.followers.cursors.CursorWatch;
import dev.rollcall.followers.cursors.KeptCursors;
import dev.rollcall.followers.receipts.PublishedKeys;
import dev.rollcall.http.HttpVerticle;
import dev.rollcall.http.connections.HttpLimits;
import dev.rollcall.http.server.Upgrade;
import dev.rollcall.jobs.JobStore;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.operations.Resources;
import dev.rollcall.sources.LocalSources;
import dev.rollcall.store.sqlite.SqliteStore;
import dev.rollcall.users.Awaiting;
import dev.rollcall.users.UserService;
import dev.rollcall.users.Users;
import dev.rollcall.views.RecentFetches;
import dev.rollcall.views.Views;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The same users over the event bus and over HTTP, with clients that wait for answers, and a count
 * of the replies to each message.
 */
public final class BusServer implements AutoCloseable {

  public final Vertx vertx = Vertx.vertx();
  public final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  /** With a key for each scope. */
  public final KeyRing keyRing = TestAuthentication.ring();

  public final Settings settings;
  public final SqliteStore store;
  public final Users users;
  public final Views views;
  public final Jobs jobs;
  public final BusLimits limits;
  public final String deployment;
  public final BridgeLimits bridge;
  public final HttpLimits httpLimits;
  public final String httpDeployment;
  public final int port;
  private final WebClient http;

  /** How many replies were sent to each message that asked for one. */
  private final ConcurrentMap<String, Integer> replies = new ConcurrentHashMap<>();

  public BusServer(Path folder, String... sets) {
    this(folder, UnaryOperator.identity(), sets);
  }

  /** A server whose users are changed on the way, to make them slow or to let them fail. */
  public BusServer(Path folder, UnaryOperator<Users> between, String... sets) {
    this(folder, between, UnaryOperator.identity(), UnaryOperator.identity(), sets);
  }

  /** A server whose jobs and followers are changed on the way as well. */
  public BusServer(
      Path folder,
      UnaryOperator<Users> between,
      UnaryOperator<JobStore> betweenJobs,
      UnaryOperator<CursorStore> betweenCursors,
      String... sets) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "http.port=0",
                "log.access=false",
                "credentials.memory=1MiB",
                "credentials.iterations=1"));
    all.addAll(List.of(sets));
    settings = Settings.of(all.toArray(String[]::new));
    store =
        SqliteStore.open(
            vertx,
            new SqliteStore.Options(
                folder.resolve("users.db"),
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
    views =
        new Views(vertx, settings, users, new LocalSources(null), new RecentFetches(0), registry);
    jobs = Jobs.over(betweenJobs.apply(store.jobs()), views, settings.jobs());
    CursorStore cursors = betweenCursors.apply(store.tables().cursors());
    Resources resources =
        new Resources(
            users,
            views,
            Optional.of(jobs),
            TestAuthentication.keys(vertx, store.tables().keys()),
            new KeptCursors(cursors, users, new CursorWatch(vertx, cursors, registry)),
            Optional.empty(),
            new WrongCredentials(System::nanoTime),
            Optional.empty(),
            new PublishedKeys(() -> Future.succeededFuture(List.of())),
            Optional.empty());
    OutboundBudget budget =
        OutboundBudgets.of(settings.outbound().limit(), settings.outbound().patience(), registry);
    vertx.setPeriodic(OutboundBudget.SWEEP_MILLIS, turn -> budget.sweep());
    httpLimits = new HttpLimits(settings, budget, registry);
    limits = new BusLimits(settings.bus(), budget, httpLimits.inbound(), registry, null);
    countReplies();
    deployment =
        Awaiting.await(
            vertx.deployVerticle(
                () -> new BusVerticle(settings, resources, limits),
                new DeploymentOptions().setInstances(2)));
    bridge = new BridgeLimits(settings.bus().bridge(), budget, httpLimits.inbound(), registry);
    httpDeployment =
        Awaiting.await(
            vertx.deployVerticle(
                new HttpVerticle(
                    settings,
                    resources,
                    httpLimits,
                    Optional.empty(),
                    TestAuthentication.of(settings, keyRing),
                    this::upgrade)));
    port = httpLimits.port();
    http =
        WebClient.create(
            vertx, new WebClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port));
  }

  private Optional<Upgrade> upgrade(Vertx loop) {
    if (!settings.bus().bridge().enabled()) {
      return Optional.empty();
    }
    Bridge made =
        new Bridge(
            loop,
            bridge,
            TestAuthentication.of(settings, keyRing),
            new ClientAddresses(List.of()),
            httpLimits.rates().wrongCredentials());
    return Optional.of(new Upgrade(Bridge.PATH, bridge.origins(), made::enter, made::end));
  }

  private void countReplies() {
    vertx
        .eventBus()
        .addOutboundInterceptor(
            sending -> {
              Message<?> message = sending.message();
              if (message.replyAddress() != null && message.address().startsWith("rollcall.")) {
                replies.put(message.replyAddress(), 0);
              }
              replies.computeIfPresent(message.address(), (address, count) -> count + 1);
              sending.next();
            });
  }

  /** Fails unless each message that was sent so far has had exactly one reply. */
  public void eachMessageHadOneReply() {
    assertThat(replies).isNotEmpty();
    assertThat(replies.values()).containsOnly(1);
  }

  /** Sends a message. */
  public Future<Message<Object>> ask(
      String address, @Nullable Object body, Map<String, String> headers) {
    return ask(address, body, MultiMap.caseInsensitiveMultiMap().addAll(headers));
  }

  public Future<Message<Object>> ask(String address, @Nullable Object body, MultiMap headers) {
    DeliveryOptions options = new DeliveryOptions().setHeaders(headers).setSendTimeout(20_000);
    return vertx.eventBus().request(address, body, options);
  }

  /** The reply to a message. */
  public Message<Object> reply(String address, Object body, Map<String, String> headers) {
    return Awaiting.await(ask(address, body, headers));
  }

  /** The JSON that a message is replied. */
  public JsonObject call(String address, Object body) {
    return (JsonObject) reply(address, body, Map.of()).body();
  }

  /** The failure that a message is replied, as its code and its message. */
  public String failure(String address, @Nullable Object body, Map<String, String> headers) {
    return failure(ask(address, body, headers));
  }

  public static String failure(Future<?> answer) {
    try {
      Object unexpected = Awaiting.await(answer);
      throw new AssertionError("a failure was expected, not " + unexpected);
    } catch (ReplyException e) {
      assertThat(e.failureType()).isEqualTo(ReplyFailure.RECIPIENT_FAILURE);
      return e.failureCode() + " " + e.getMessage();
    }
  }

  public HttpResponse<Buffer> http(
      String request, @Nullable String body, Map<String, String> headers) {
    String[] parts = request.split(" ", 2);
    var sending = http.request(HttpMethod.valueOf(parts[0]), parts[1]);
    headers.forEach(sending::putHeader);
    return Awaiting.await(
        body == null
            ? sending.send()
            : sending
                .putHeader("Content-Type", "application/json")
                .sendBuffer(Buffer.buffer(body)));
  }

  @Override
  public void close() throws IOException {
    Awaiting.await(vertx.undeploy(deployment).otherwiseEmpty());
    store.close();
    Awaiting.await(vertx.close());
  }
}
