package dev.rollcall;

import dev.rollcall.access.Authentication;
import dev.rollcall.access.ServerCertificate;
import dev.rollcall.budgets.OutboundBudget;
import dev.rollcall.bus.BusLimits;
import dev.rollcall.bus.BusVerticle;
import dev.rollcall.bus.StoreVerticle;
import dev.rollcall.bus.bridge.Bridge;
import dev.rollcall.bus.bridge.BridgeLimits;
import dev.rollcall.config.ServerTls;
import dev.rollcall.config.Settings;
import dev.rollcall.config.StoreSettings;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.http.HttpVerticle;
import dev.rollcall.http.connections.HttpLimits;
import dev.rollcall.http.server.Upgrade;
import dev.rollcall.jobs.JobVerticle;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.operations.Resources;
import dev.rollcall.sources.LocalSources;
import dev.rollcall.sources.bus.SourceVerticle;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Deploys the verticles that serve: sources, the event bus, HTTP with the bridge, jobs. Each has as
 * many instances as the settings say, which may be none.
 */
final class Services {

  private final Vertx vertx;
  private final Settings settings;
  private final MeterRegistry registry;
  private final Undo undo;
  private final List<String> onBus = new CopyOnWriteArrayList<>();

  /**
   * None yet.
   *
   * @param undo gets the steps that end them
   */
  Services(Vertx vertx, Settings settings, MeterRegistry registry, Undo undo) {
    this.vertx = vertx;
    this.settings = settings;
    this.registry = registry;
    this.undo = undo;
  }

  /** Deploys all, each after those that it needs. */
  Future<Void> deploy(
      Storage storage,
      Resources resources,
      LocalSources local,
      HttpLimits limits,
      OutboundBudget budget,
      Callers callers) {
    return deploySources(local)
        .onSuccess(deployed -> undo.push(this::endBus))
        .compose(deployed -> deployBus(storage, resources, limits, budget))
        .compose(deployed -> deployServers(resources, limits, budget, callers))
        .compose(
            deployed -> resources.jobs().map(this::deployJobs).orElseGet(Future::succeededFuture));
  }

  private Future<Void> deploySources(LocalSources local) {
    DeploymentOptions instances = new DeploymentOptions().setInstances(settings.deploy().sources());
    Future<Void> deployed = Future.succeededFuture();
    for (SourceSettings source : settings.sources().values()) {
      if (source.target().isServed() && settings.deploy().sources() > 0) {
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

  /** Serves over the event bus, for nodes without a store also the store that this node has. */
  private Future<Void> deployBus(
      Storage storage, Resources resources, HttpLimits limits, OutboundBudget budget) {
    int instances = settings.deploy().bus();
    if (instances == 0) {
      return Future.succeededFuture();
    }
    BusLimits busLimits =
        new BusLimits(
            settings.bus(), budget, limits.inbound(), registry, resources.views().tracing());
    Future<String> served =
        vertx
            .deployVerticle(
                () -> new BusVerticle(settings, resources, busLimits),
                new DeploymentOptions().setInstances(instances))
            .onSuccess(onBus::add);
    if (settings.store().isOfOtherNodes()) {
      return served.mapEmpty();
    }
    boolean shared = settings.store().kind() == StoreSettings.Kind.POSTGRES;
    return served
        .compose(
            id ->
                vertx.deployVerticle(
                    StoreVerticle.of(
                        storage.store(),
                        resources,
                        storage.receiptKeys(),
                        shared,
                        busLimits,
                        settings.shutdown().drain())))
        .onSuccess(onBus::add)
        .mapEmpty();
  }

  /**
   * Ends all of it at once, so that it takes {@code shutdown.drain} once; after HTTP, since until
   * then clients of the bridge wait for replies.
   */
  private Future<Void> endBus() {
    return Future.join(onBus.stream().map(vertx::undeploy).toList()).mapEmpty();
  }

  private Future<Void> deployServers(
      Resources resources, HttpLimits limits, OutboundBudget budget, Callers callers) {
    if (settings.deploy().http() == 0) {
      return Future.succeededFuture();
    }
    Optional<BridgeLimits> bridge =
        settings.bus().bridge().enabled()
            ? Optional.of(
                new BridgeLimits(settings.bus().bridge(), budget, limits.inbound(), registry))
            : Optional.empty();
    return certificate(vertx, "http.tls", settings.http().tls(), ClientAuth.REQUIRED)
        .compose(
            tls ->
                vertx.deployVerticle(
                    () ->
                        new HttpVerticle(
                            settings,
                            resources,
                            limits,
                            tls,
                            callers.authentication(),
                            loop ->
                                bridge.map(
                                    shared ->
                                        bridge(loop, shared, callers.authentication(), limits))),
                    new DeploymentOptions().setInstances(settings.deploy().http())))
        .recover(
            fault -> cannotListen("http", settings.http().host(), settings.http().port(), fault))
        .onSuccess(id -> undo.push(() -> vertx.undeploy(id)))
        .mapEmpty();
  }

  /** What a port encrypts with; none where its settings say nothing of that. */
  static Future<Optional<ServerCertificate>> certificate(
      Vertx vertx, String section, Optional<ServerTls> files, ClientAuth clientAuth) {
    return vertx.executeBlocking(
        () -> files.map(tls -> ServerCertificate.open(vertx, section, tls, clientAuth)));
  }

  /** The bridge as an upgrade of HTTP, which knows nothing of the event bus. */
  private static Upgrade bridge(
      Vertx vertx, BridgeLimits shared, Authentication authentication, HttpLimits limits) {
    Bridge bridge =
        new Bridge(
            vertx, shared, authentication, limits.clients(), limits.rates().wrongCredentials());
    return new Upgrade(Bridge.PATH, shared.origins(), bridge::enter, bridge::end);
  }

  /** Deployed last, so that running jobs are handed back first when this process ends. */
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

  /**
   * Names the keys at fault where listening failed: Netty's own transports throw no BindException.
   */
  static Future<String> cannotListen(String section, String host, int port, Throwable fault) {
    boolean address = fault instanceof IOException || fault instanceof UnresolvedAddressException;
    return Future.failedFuture(
        address
            ? new IllegalStateException(
                String.format(
                    Locale.ROOT,
                    "can't listen on %s.host %s, %s.port %d: %s",
                    section,
                    host,
                    section,
                    port,
                    fault.getMessage()),
                fault)
            : fault);
  }
}
