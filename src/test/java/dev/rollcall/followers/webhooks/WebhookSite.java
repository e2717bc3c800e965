package dev.rollcall.followers.webhooks;

import static dev.rollcall.users.Awaiting.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.config.Settings;
import dev.rollcall.config.WebhookSettings;
import dev.rollcall.followers.webhooks.WebhookStore.Declarer;
import dev.rollcall.store.sqlite.SqliteStore;
import dev.rollcall.users.Change;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A store with its webhooks, which deliver to receivers of this machine. */
final class WebhookSite implements AutoCloseable {
  static final Declarer ALL = new Declarer(null, true);
  private static final Set<Change.Kind> KINDS = Set.of(Change.Kind.values());

  final Vertx vertx = Vertx.vertx();
  final MovedClock clock = new MovedClock();
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Path folder;
  private final WebhookSettings settings;
  private final SqliteStore.Options options;

  /** What those who deliver ask of the store, over restarts too. */
  final CountedDeliveries counted = new CountedDeliveries();

  SqliteStore store;
  StoredWebhooks webhooks;
  private String deployment = "";

  WebhookSite(Path folder, String... sets) {
    this.folder = folder;
    List<String> all = new ArrayList<>(List.of("store.path=" + folder.resolve("rollcall.db")));
    Stream.of(sets).forEach(all::add);
    if (Stream.of(sets).noneMatch(set -> set.startsWith("webhooks.allow"))) {
      all.add("webhooks.allow=127.0.0.0/8");
    }
    Settings read = Settings.of(all.toArray(String[]::new));
    settings = read.webhooks();
    options = SqliteStore.Options.of(read);
    store = SqliteStore.open(vertx, options, registry);
    webhooks = new StoredWebhooks(store.tables().webhooks(), store, clock);
    deploy();
  }

  private void deploy() {
    deployment =
        await(
            vertx.deployVerticle(
                new WebhookVerticle(
                    store,
                    store.tables().webhooks(),
                    counted.of(store.tables().deliveries()),
                    webhooks,
                    settings,
                    registry,
                    clock,
                    null)));
  }

  /** Ends it as a process that ends in order does, and starts it again. */
  void restart() throws IOException {
    await(vertx.undeploy(deployment));
    store.close();
    store = SqliteStore.open(vertx, options, registry);
    webhooks = new StoredWebhooks(store.tables().webhooks(), store, clock);
    deploy();
  }

  static WebhookSpec spec(String name, String url, boolean full, WebhookSecret... secrets) {
    return new WebhookSpec(name, url, KINDS, full, full, List.of(secrets));
  }

  JsonNode declare(String name, String url) {
    return declare(spec(name, url, true));
  }

  JsonNode declare(WebhookSpec spec) {
    return await(webhooks.declare(spec, WebhookSecret.generate(), 0, ALL));
  }

  JsonNode get(String name) {
    return await(webhooks.get(name, ALL));
  }

  void put(long id, String name) {
    put(id, new UserDraft(null, name, null, "{}"));
  }

  void put(long id, UserDraft draft) {
    await(store.write(new UserWrite.Put(id, draft, Precondition.NONE, null, "key:7")));
  }

  void delete(long id) {
    await(store.write(new UserWrite.Delete(id, Precondition.NONE, null)));
  }

  Path folder() {
    return folder;
  }

  @Override
  public void close() throws IOException {
    await(vertx.undeploy(deployment));
    store.close();
    await(vertx.close());
  }
}
