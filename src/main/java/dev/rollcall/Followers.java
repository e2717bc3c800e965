package dev.rollcall;

import dev.rollcall.cluster.Node;
import dev.rollcall.config.Settings;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.followers.cursors.CursorWatch;
import dev.rollcall.followers.cursors.KeptCursors;
import dev.rollcall.followers.erasures.ErasureVerticle;
import dev.rollcall.followers.erasures.Erasures;
import dev.rollcall.followers.erasures.ReceiptSigner;
import dev.rollcall.followers.erasures.StoredErasures;
import dev.rollcall.followers.erasures.Traces;
import dev.rollcall.followers.traces.JobResultErasure;
import dev.rollcall.followers.traces.NodeTraces;
import dev.rollcall.followers.webhooks.StoredWebhooks;
import dev.rollcall.followers.webhooks.WebhookVerticle;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.store.remote.RemoteStore;
import dev.rollcall.store.sqlite.SqliteStore;
import dev.rollcall.store.tables.Tables;
import dev.rollcall.users.Users;
import dev.rollcall.views.Views;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * What is told of changes by this process, beside webhooks.
 *
 * @param cursors those who ask, and whose position is kept
 * @param erasures those of users who are to be forgotten; none where other nodes are too old for it
 */
record Followers(KeptCursors cursors, Optional<Erasures> erasures) {
  /**
   * Begins to look after them.
   *
   * @param undo gets the step that ends that
   */
  static Followers open(
      Vertx vertx,
      Settings settings,
      Storage storage,
      Users users,
      MeterRegistry registry,
      Undo undo) {
    CursorWatch watch = new CursorWatch(vertx, storage.cursors(), registry);
    undo.push(
        () -> {
          watch.close();
          return Future.succeededFuture();
        });
    return new Followers(
        new KeptCursors(storage.cursors(), users, watch), erasures(settings, storage));
  }

  private static Optional<Erasures> erasures(Settings settings, Storage storage) {
    if (storage.store() instanceof RemoteStore others) {
      return Optional.of(others.tables().erasures());
    }
    if (storage.tables().isEmpty() || !(storage.receiptKeys() instanceof ReceiptSigner signer)) {
      return Optional.empty();
    }
    List<String> sources =
        settings.sources().values().stream()
            .filter(source -> source.erase().isPresent())
            .map(SourceSettings::name)
            .toList();
    return Optional.of(
        new StoredErasures(
            storage.tables().get().erasures(),
            storage.store(),
            sources,
            signer,
            Clock.systemUTC()));
  }

  /**
   * What this process and other nodes hold of users beside the store.
   *
   * @return forgets on behalf of other nodes from now on
   */
  static Future<NodeTraces> traces(Node node, Storage storage, Views views, Optional<Jobs> jobs) {
    NodeTraces traces =
        new NodeTraces(
            node.vertx(),
            node.name(),
            node::others,
            views,
            jobs,
            storage
                .tables()
                .map(
                    tables ->
                        new JobResultErasure(node.vertx(), tables.jobResults(), Clock.systemUTC())),
            () -> emptyLog(storage));
    return traces.serve().map(traces);
  }

  private static Future<Void> emptyLog(Storage storage) {
    return storage.store() instanceof SqliteStore file
        ? file.emptyLog()
        : Future.succeededFuture(); // What another database keeps of the past, it alone knows.
  }

  /**
   * Delivers to webhooks and carries erasures out, where this process has the store. To be called
   * last, so that what is held is let go of first.
   *
   * @param traces what nodes hold of users elsewhere
   * @param undo gets the steps that end it
   */
  Future<Void> tell(
      Vertx vertx,
      Settings settings,
      Storage storage,
      Traces traces,
      MeterRegistry registry,
      Undo undo) {
    return deliver(vertx, settings, storage, registry, undo)
        .compose(delivered -> erase(vertx, settings, storage, traces, registry, undo));
  }

  private static Future<Void> deliver(
      Vertx vertx, Settings settings, Storage storage, MeterRegistry registry, Undo undo) {
    if (storage.tables().isEmpty() || !(storage.webhooks() instanceof StoredWebhooks stored)) {
      return Future.succeededFuture();
    }
    Tables tables = storage.tables().get();
    WebhookVerticle verticle =
        new WebhookVerticle(
            storage.store(),
            tables.webhooks(),
            tables.deliveries(),
            stored,
            settings.webhooks(),
            registry);
    return vertx
        .deployVerticle(verticle)
        .onSuccess(id -> undo.push(() -> vertx.undeploy(id)))
        .mapEmpty();
  }

  private Future<Void> erase(
      Vertx vertx,
      Settings settings,
      Storage storage,
      Traces traces,
      MeterRegistry registry,
      Undo undo) {
    if (storage.tables().isEmpty() || !(erasures.orElse(null) instanceof StoredErasures stored)) {
      return Future.succeededFuture();
    }
    Tables tables = storage.tables().get();
    ErasureVerticle verticle =
        new ErasureVerticle(
            storage.store(),
            tables.erasures(),
            tables.erasureWork(),
            stored,
            traces,
            settings.sources().values(),
            registry,
            Clock.systemUTC());
    return vertx
        .deployVerticle(verticle)
        .onSuccess(id -> undo.push(() -> vertx.undeploy(id)))
        .mapEmpty();
  }
}
