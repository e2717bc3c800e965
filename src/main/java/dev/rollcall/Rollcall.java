package dev.rollcall;

import dev.rollcall.bus.Bridge;
import dev.rollcall.bus.BridgeGate;
import dev.rollcall.bus.BusGate;
import dev.rollcall.bus.BusVerticle;
import dev.rollcall.bus.StoreVerticle;
import dev.rollcall.cluster.Node;
import dev.rollcall.config.Settings;
import dev.rollcall.config.SourceSettings;
import dev.rollcall.config.StoreSettings;
import dev.rollcall.credentials.Passwords;
import dev.rollcall.http.Gate;
import dev.rollcall.http.HttpVerticle;
import dev.rollcall.http.Upgrade;
import dev.rollcall.jobs.JobVerticle;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.ops.BlockedThreads;
import dev.rollcall.ops.EventLoopWatch;
import dev.rollcall.ops.Logging;
import dev.rollcall.ops.ManagementVerticle;
import dev.rollcall.ops.Metrics;
import dev.rollcall.ops.Readiness;
import dev.rollcall.sources.LocalSources;
import dev.rollcall.sources.SourceVerticle;
import dev.rollcall.sources.Views;
import dev.rollcall.users.UserService;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.Users;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running service: wires the parts, deploys them in order, closes them in reverse.
 *
 * <p>Made by {@link #start}; safe for use by all threads from then on.
 */
public final class Rollcall {

  private static final Logger LOG = LoggerFactory.getLogger(Rollcall.class);

  private final Settings settings;
  private final Metrics metrics = new Metrics();
  private final Node node;
  private final Vertx vertx;
  private final Gate gate;

  /** How to undo what was started, the latest first. */
  private final Deque<Supplier<Future<Void>>> undo = new ArrayDeque<>();

  /** What serves over the bus. */
  private final List<String> onBus = new CopyOnWriteArrayList<>();

  private volatile int managementPort;

  private Rollcall(Settings settings, Node node) {
    this.settings = settings;
    this.node = node;
    this.vertx = node.vertx();
    BlockedThreads.watch(vertx, metrics.registry());
    this.gate = new Gate(settings.http(), settings.changes(), metrics.registry());
    FunctionCounter.builder("rollcall.log.discarded", Logging.class, log -> Logging.discarded())
        .description("Log events that were discarded because the queue was full")
        .register(metrics.registry());
    Gauge.builder("rollcall.cluster.nodes", node, Node::size)
        .description("Nodes of the cluster, as this one sees it")
        .register(metrics.registry());
  }

  /**
   * Starts every part, and gives the service once all of them answer. With a cluster it blocks for
   * the seconds that joining takes.
   *
   * @return fails with an {@link IllegalStateException} whose message is for the operator, after
   *     closing what had been started
   */
  public static Future<Rollcall> start(Settings settings) {
    // Not recover(): its future would be told on an event loop, and closing ends the event loops.
    Promise<Rollcall> started = Promise.promise();
    Node.start(settings)
        .map(node -> new Rollcall(settings, node))
        .onComplete(rollcall -> rollcall.open(started), started::fail);
    return started.future();
  }

  private void open(Promise<Rollcall> started) {
    open()
        .onComplete(
            opened -> started.complete(this),
            fault -> close().onComplete(closed -> started.fail(fault)));
  }

  private Future<Void> open() {
    undo.push(this::closeVertx);
    return Storage.open(vertx, settings, metrics.registry()).compose(this::deploy);
  }

  private Future<Void> deploy(Storage storage) {
    if (!ofOtherNodes()) {
      undo.push(storage::close);
    }
    UserStore store = storage.store();
    Readiness readiness = new Readiness(node::safe, store::probe);
    return EventLoopWatch.deploy(vertx, settings.deploy().eventLoops(), metrics.registry())
        .compose(loops -> deployManagement(loops, readiness, storage))
        .compose(deployed -> deployHttp(storage))
        .compose(deployed -> store.probe())
        .onSuccess(
            readable -> {
              readiness.serving();
              undo.push(() -> announceEnd(readiness));
            });
  }

  private Future<Void> deployManagement(
      EventLoopWatch loops, Readiness readiness, Storage storage) {
    ManagementVerticle verticle =
        new ManagementVerticle(settings.management(), loops, readiness, metrics, storage::backUp);
    return vertx
        .deployVerticle(verticle)
        .recover(
            fault ->
                cannotListen(
                    "management",
                    settings.management().host(),
                    settings.management().port(),
                    fault))
        .onSuccess(
            id -> {
              managementPort = verticle.port();
              undo.push(() -> vertx.undeploy(id));
            })
        .mapEmpty();
  }

  /** Whether the users are kept by other nodes. */
  private boolean ofOtherNodes() {
    return settings.store().kind() == StoreSettings.Kind.REMOTE;
  }

  private Future<Void> deployHttp(Storage storage) {
    UserStore store = storage.store();
    Passwords passwords = new Passwords(vertx, settings.credentials(), metrics.registry());
    undo.push(
        () -> {
          passwords.close();
          return Future.succeededFuture();
        });
    UserService users = new UserService(store, passwords);
    LocalSources local = new LocalSources();
    Views views = new Views(vertx, settings, users, local, metrics.registry());
    node.whenNodeLost(lost -> views.nodeLost());
    Optional<Jobs> jobs = storage.jobs().map(kept -> Jobs.over(kept, views, settings.jobs()));
    // What is deployed from here on is what other nodes may send to; the store outlasts it.
    undo.push(node::leave);
    if (ofOtherNodes()) {
      // It can only be taken leave of while this node is still one of the cluster.
      undo.push(storage::close);
    }
    return deploySources(local)
        .onSuccess(deployed -> undo.push(this::endBus))
        .compose(deployed -> deployBus(store, users, views, jobs))
        .compose(deployed -> deployServers(users, views, jobs))
        .compose(deployed -> jobs.map(this::deployJobs).orElseGet(Future::succeededFuture));
  }

  private Future<Void> deploySources(LocalSources local) {
    DeploymentOptions instances = new DeploymentOptions().setInstances(settings.deploy().sources());
    Future<Void> deployed = Future.succeededFuture();
    for (SourceSettings source : settings.sources().values()) {
      if (source.address() == null && settings.deploy().sources() > 0) {
        deployed =
            deployed
                .compose(
                    before ->
                        vertx.deployVerticle(() -> new SourceVerticle(source, local), instances))
                .onSuccess(id -> undo.push(() -> vertx.undeploy(id)))
                .mapEmpty();
      }
    }
    return deployed;
  }

  /** Serves over the event bus; a store of this node's own, to the nodes that have none as well. */
  private Future<Void> deployBus(UserStore store, Users users, Views views, Optional<Jobs> jobs) {
    int instances = settings.deploy().bus();
    if (instances == 0) {
      return Future.succeededFuture();
    }
    BusGate busGate = new BusGate(settings.bus(), metrics.registry());
    Future<String> served =
        vertx
            .deployVerticle(
                () -> new BusVerticle(settings, users, views, jobs, busGate),
                new DeploymentOptions().setInstances(instances))
            .onSuccess(onBus::add);
    if (ofOtherNodes()) {
      return served.mapEmpty();
    }
    boolean shared = settings.store().kind() == StoreSettings.Kind.POSTGRES;
    return served
        .compose(
            id ->
                vertx.deployVerticle(
                    new StoreVerticle(store, shared, busGate, settings.shutdown().drain())))
        .onSuccess(onBus::add)
        .mapEmpty();
  }

  private Future<Void> deployServers(Users users, Views views, Optional<Jobs> jobs) {
    if (settings.deploy().http() == 0) {
      return Future.succeededFuture();
    }
    Optional<BridgeGate> bridge =
        settings.bus().bridge().enabled()
            ? Optional.of(new BridgeGate(settings.bus().bridge(), metrics.registry()))
            : Optional.empty();
    return vertx
        .deployVerticle(
            () ->
                new HttpVerticle(
                    settings,
                    users,
                    views,
                    jobs,
                    gate,
                    loop -> bridge.map(shared -> bridge(loop, shared))),
            new DeploymentOptions().setInstances(settings.deploy().http()))
        .recover(
            fault -> cannotListen("http", settings.http().host(), settings.http().port(), fault))
        .onSuccess(id -> undo.push(() -> vertx.undeploy(id)))
        .mapEmpty();
  }

  /**
   * All of it at once, so that it takes {@code shutdown.drain} once; after HTTP, since clients of
   * the bridge still wait for replies until then.
   */
  private Future<Void> endBus() {
    return Future.join(onBus.stream().map(vertx::undeploy).toList()).mapEmpty();
  }

  /** The bridge as HTTP takes it, which knows nothing of the event bus. */
  private static Upgrade bridge(Vertx vertx, BridgeGate shared) {
    Bridge bridge = new Bridge(vertx, shared);
    return new Upgrade(Bridge.PATH, bridge::enter, bridge::end);
  }

  /** What is running is handed back first of all when this process ends. */
  private Future<Void> deployJobs(Jobs jobs) {
    int instances = settings.jobs().atOnce();
    if (instances == 0) {
      return Future.succeededFuture();
    }
    String owner = UUID.randomUUID().toString();
    return vertx
        .deployVerticle(
            () -> new JobVerticle(jobs, owner), new DeploymentOptions().setInstances(instances))
        .onSuccess(id -> undo.push(() -> vertx.undeploy(id)))
        .mapEmpty();
  }

  /** Names the keys that are at fault. Netty's own transports throw no BindException. */
  private static Future<String> cannotListen(
      String section, String host, int port, Throwable fault) {
    boolean address = fault instanceof IOException || fault instanceof UnresolvedAddressException;
    return Future.failedFuture(
        address
            ? new IllegalStateException(
                "can't listen on %s.host %s, %s.port %d: %s"
                    .formatted(section, host, section, port, fault.getMessage()),
                fault)
            : fault);
  }

  /**
   * Readiness fails at once; requests are served on for the wait, on connections that then close.
   * After it, other nodes send nothing more.
   */
  private Future<Void> announceEnd(Readiness readiness) {
    readiness.draining();
    gate.drain();
    long wait = settings.shutdown().waitFor().toMillis();
    Future<?> waited = wait == 0 ? Future.succeededFuture() : vertx.timer(wait);
    return waited.compose(over -> node.retire());
  }

  private Future<Void> closeVertx() {
    metrics.close();
    return node.close();
  }

  /** The port that serves users; 0 where {@code deploy.http} is 0. */
  public int httpPort() {
    return gate.port();
  }

  /** The port that serves operators. */
  public int managementPort() {
    return managementPort;
  }

  /**
   * Drains and closes every part, the latest first, each although another failed.
   *
   * @return succeeds when all are closed; what could not be closed is logged
   */
  public synchronized Future<Void> close() {
    Future<Void> closing = Future.succeededFuture();
    while (!undo.isEmpty()) {
      Supplier<Future<Void>> step = undo.pop();
      closing =
          closing.eventually(
              () -> step.get().onFailure(fault -> LOG.warn("a part did not close", fault)));
    }
    return closing;
  }
}
