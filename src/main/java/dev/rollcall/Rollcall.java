package dev.rollcall;

import dev.rollcall.budgets.OutboundBudget;
import dev.rollcall.cluster.Node;
import dev.rollcall.config.Settings;
import dev.rollcall.credentials.Passwords;
import dev.rollcall.http.connections.HttpLimits;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.operations.Resources;
import dev.rollcall.ops.BlockedThreads;
import dev.rollcall.ops.EventLoopWatch;
import dev.rollcall.ops.FileDescriptors;
import dev.rollcall.ops.ManagementVerticle;
import dev.rollcall.ops.Metrics;
import dev.rollcall.ops.NodeReadiness;
import dev.rollcall.ops.Readiness;
import dev.rollcall.sources.LocalSources;
import dev.rollcall.tracing.Tracing;
import dev.rollcall.users.UserService;
import dev.rollcall.views.RecentFetches;
import dev.rollcall.views.Views;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The running service: wires the parts, deploys them in order, closes them in reverse.
 *
 * <p>Made by {@link #start}; safe for use by all threads from then on.
 */
public final class Rollcall {
  private final Settings settings;
  private final Metrics metrics = new Metrics();
  private final Node node;
  private final Vertx vertx;
  private final OutboundBudget budget;
  private final HttpLimits limits;
  private final RecentFetches recent;
  private final @Nullable Tracing tracing;
  private final Undo undo = new Undo();

  private Rollcall(Settings settings, Node node) {
    this.settings = settings;
    this.node = node;
    this.vertx = node.vertx();
    BlockedThreads.watch(vertx, metrics.registry());
    this.budget =
        new OutboundBudget(
            settings.outbound().limit(),
            settings.outbound().patience(),
            settings.http().bodyLimit(),
            metrics.registry());
    vertx.setPeriodic(OutboundBudget.SWEEP_MILLIS, turn -> budget.sweep());
    this.limits = new HttpLimits(settings, budget, metrics.registry());
    this.recent = new RecentFetches(settings.management().fetches());
    this.tracing =
        settings.tracing().endpoint().isEmpty()
            ? null
            : Tracing.start(settings.tracing(), Main.version(), metrics.registry());
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
    // Not recover(), which completes on an event loop: closing ends those.
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
    undo.push(
        () -> {
          metrics.close();
          return node.close();
        });
    undo.push(() -> tracing == null ? Future.succeededFuture() : tracing.close(vertx));
    return Storage.open(vertx, settings, metrics.registry()).compose(this::deploy);
  }

  private Future<Void> deploy(Storage storage) {
    if (!settings.store().isOfOtherNodes()) {
      undo.push(storage::close);
    }
    return Callers.open(vertx, settings, storage, metrics.registry())
        .compose(callers -> deploy(storage, callers));
  }

  private Future<Void> deploy(Storage storage, Callers callers) {
    undo.push(callers::close);
    Readiness readiness = new Readiness(node::safe, storage.store()::probe);
    return EventLoopWatch.deploy(vertx, settings.deploy().eventLoops(), metrics.registry())
        .compose(loops -> callers.start().map(started -> loops))
        .compose(loops -> deployManagement(loops, readiness, storage, callers))
        .compose(deployed -> warmUp(readiness))
        .compose(warm -> serve(storage, callers))
        .compose(deployed -> storage.store().probe())
        .onSuccess(
            readable -> {
              readiness.serving();
              undo.push(() -> announceEnd(readiness));
            });
  }

  private Future<Void> deployManagement(
      EventLoopWatch loops, Readiness readiness, Storage storage, Callers callers) {
    return Services.certificate(
            vertx, "management.tls", settings.management().tls(), ClientAuth.REQUEST)
        .map(
            tls ->
                new ManagementVerticle(
                    settings,
                    tls,
                    callers.authentication(),
                    limits.rates().wrongCredentials(),
                    loops,
                    new NodeReadiness(node.name(), node::others, readiness),
                    metrics,
                    recent,
                    limits::port,
                    storage::backUp))
        .compose(this::deployManagement);
  }

  private Future<Void> deployManagement(ManagementVerticle verticle) {
    return vertx
        .deployVerticle(verticle)
        .recover(
            fault ->
                Services.cannotListen(
                    "management",
                    settings.management().host(),
                    settings.management().port(),
                    fault))
        .onSuccess(
            id -> {
              limits.ports().operatorsOn(verticle.port());
              undo.push(() -> vertx.undeploy(id));
            })
        .mapEmpty();
  }

  /** Before HTTP listens, so that no client meets a process that is busy with itself. */
  private Future<Void> warmUp(Readiness readiness) {
    if (settings.deploy().warmUp().isZero()) {
      return Future.succeededFuture();
    }
    readiness.warmingUp();
    return WarmUp.run(vertx, settings);
  }

  private Future<Void> serve(Storage storage, Callers callers) {
    Passwords passwords = new Passwords(vertx, settings.credentials(), metrics.registry());
    undo.push(
        () -> {
          passwords.close();
          return Future.succeededFuture();
        });
    UserService users = new UserService(storage.store(), passwords);
    LocalSources local = new LocalSources(tracing);
    Views views = new Views(vertx, settings, users, local, recent, metrics.registry());
    node.whenNodeLost(lost -> views.nodeLost());
    Optional<Jobs> jobs = storage.jobs().map(kept -> Jobs.over(kept, views, settings.jobs()));
    // Other nodes may send to what is deployed from here on; the store is closed after it.
    undo.push(node::leave);
    if (settings.store().isOfOtherNodes()) {
      undo.push(storage::close); // While this node is still a member of the cluster.
    }
    undo.push(callers::endFollowing); // It has the store written to.
    Followers kept = Followers.open(vertx, settings, storage, users, metrics.registry(), undo);
    limits.limitConnections(FileDescriptors.connections(settings)); // Only HTTP opens more.
    Resources resources =
        storage.resources(users, views, jobs, callers, kept, limits.rates().wrongCredentials());
    Services services = new Services(vertx, settings, metrics.registry(), undo);
    return Followers.traces(node, storage, views, jobs)
        .compose(
            traces ->
                services
                    .deploy(storage, resources, local, limits, budget, callers)
                    .compose(
                        done ->
                            kept.tell(vertx, settings, storage, traces, metrics.registry(), undo)));
  }

  /**
   * Readiness fails at once; for the wait, requests are still served, on connections that then
   * close. After it, other nodes send nothing more.
   */
  private Future<Void> announceEnd(Readiness readiness) {
    readiness.draining();
    limits.drain();
    long wait = settings.shutdown().waitFor().toMillis();
    Future<?> waited = wait == 0 ? Future.succeededFuture() : vertx.timer(wait);
    return waited.compose(over -> node.retire());
  }

  Vertx vertx() {
    return vertx;
  }

  /** The port that serves users; 0 where {@code deploy.http} is 0. */
  public int httpPort() {
    return limits.port();
  }

  /** The port that serves operators. */
  public int managementPort() {
    return limits.ports().operators();
  }

  /**
   * Drains and closes every part, the latest first, each although another failed.
   *
   * @return succeeds when all are closed; what could not be closed is logged
   */
  public Future<Void> close() {
    return undo.all();
  }
}
