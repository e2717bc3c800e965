package dev.rollcall.followers.erasures;

import static dev.rollcall.users.Awaiting.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.base.Failure;
import dev.rollcall.config.Settings;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.followers.webhooks.MovedClock;
import dev.rollcall.followers.webhooks.StoredWebhooks;
import dev.rollcall.followers.webhooks.WebhookVerticle;
import dev.rollcall.store.sqlite.SqliteStore;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A store with its erasures, webhooks and followers, and the sources that are told of them. */
final class ErasureSite implements AutoCloseable {
  final Vertx vertx = Vertx.vertx();
  final MovedClock clock = new MovedClock();
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  /** What sources were asked, such as {@code DELETE /a/1}, and with which Authorization. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  /** How the one of a name answers; with 204 where nothing is said. */
  final Map<String, Consumer<HttpServerRequest>> behaviour = new ConcurrentHashMap<>();

  /** Whom this installation was told to forget. */
  final List<Long> forgotten = new CopyOnWriteArrayList<>();

  volatile @Nullable Failure forgetting;
  SqliteStore store;
  StoredErasures erasures;
  StoredWebhooks webhooks;
  private final HttpServer sources;
  private final Settings settings;
  private final List<String> deployments = new ArrayList<>();

  /**
   * A site.
   *
   * @param sets further settings, in which HOST stands for where the sources are
   */
  ErasureSite(Path folder, String... sets) {
    sources = await(vertx.createHttpServer().requestHandler(this::ask).listen(0, "127.0.0.1"));
    String host = "127.0.0.1:" + sources.actualPort();
    List<String> all =
        new ArrayList<>(
            List.of("store.path=" + folder.resolve("rollcall.db"), "webhooks.allow=127.0.0.0/8"));
    Stream.of(sets).map(set -> set.replace("HOST", host)).forEach(all::add);
    settings = Settings.of(all.toArray(String[]::new));
    open();
  }

  static String[] source(String name) {
    return new String[] {
      "sources." + name + ".http=http://HOST/" + name + "/{id}",
      "sources." + name + ".erase.http=http://HOST/" + name + "/{id}"
    };
  }

  String url(String path) {
    return "http://127.0.0.1:" + sources.actualPort() + path;
  }

  private void ask(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              String by = request.getHeader("Authorization");
              asked.add(
                  (request.method()
                          + " "
                          + request.path()
                          + (by == null ? "" : " " + by)
                          + " "
                          + body)
                      .strip());
              behaviour
                  .getOrDefault(
                      request.path().split("/", -1)[1],
                      each -> each.response().setStatusCode(204).end())
                  .accept(request);
            });
  }

  static void answer(HttpServerRequest request, int status) {
    request.response().setStatusCode(status).end();
  }

  /** What of it a source was asked. */
  List<String> asked(String name) {
    return asked.stream().filter(each -> each.contains(" /" + name + "/")).toList();
  }

  private Future<Void> forget(long user) {
    forgotten.add(user);
    Failure failure = forgetting;
    return failure == null ? Future.succeededFuture() : Future.failedFuture(failure);
  }

  private void open() {
    store = SqliteStore.open(vertx, SqliteStore.Options.of(settings), registry);
    webhooks = new StoredWebhooks(store.tables().webhooks(), store, Clock.systemUTC());
    List<String> names =
        settings.sources().values().stream()
            .filter(source -> source.erase().isPresent())
            .map(SourceSettings::name)
            .toList();
    erasures =
        new StoredErasures(
            store.tables().erasures(),
            store,
            names,
            erasure -> Future.succeededFuture("signed " + erasure.getString("state")),
            clock);
    deployments.add(
        await(
            vertx.deployVerticle(
                new WebhookVerticle(
                    store,
                    store.tables().webhooks(),
                    store.tables().deliveries(),
                    webhooks,
                    settings.webhooks(),
                    registry))));
    deploy();
  }

  private void deploy() {
    deployments.add(
        await(
            vertx.deployVerticle(
                new ErasureVerticle(
                    store,
                    store.tables().erasures(),
                    store.tables().erasureWork(),
                    erasures,
                    this::forget,
                    settings.sources().values(),
                    registry,
                    clock))));
  }

  /** Ends it as a process that ends in order does. */
  private void end() throws IOException {
    for (String each : deployments) {
      await(vertx.undeploy(each));
    }
    deployments.clear();
    store.close();
  }

  void restart() throws IOException {
    end();
    open();
  }

  long create() {
    UserDraft draft = new UserDraft(null, "Ada", null, "{}");
    return await(store.write(new UserWrite.Create(draft, null))).user().id();
  }

  Future<?> put(long id) {
    UserDraft draft = new UserDraft(null, "Ada", null, "{}");
    return store.write(new UserWrite.Put(id, draft, Precondition.NONE, null));
  }

  JsonNode erase(long user) {
    return await(erasures.start(user, "key:7"));
  }

  JsonNode get(long id) {
    return await(erasures.get(id));
  }

  /** Awaits that an erasure is complete. */
  JsonNode complete(long id) throws InterruptedException {
    return until(id, erasure -> erasure.path("state").asText().equals("complete"));
  }

  /** Awaits something of an erasure. */
  JsonNode until(long id, java.util.function.Predicate<JsonNode> wanted)
      throws InterruptedException {
    JsonNode erasure = get(id);
    for (int i = 0; i < 600 && !wanted.test(erasure); i++) {
      Thread.sleep(50);
      erasure = get(id);
    }
    if (!wanted.test(erasure)) {
      throw new AssertionError("not within 30 s: " + erasure);
    }
    return erasure;
  }

  static JsonNode target(JsonNode erasure, String name) {
    for (JsonNode each : erasure.path("targets")) {
      if (each.path("name").asText().equals(name)) {
        return each;
      }
    }
    throw new AssertionError("no target " + name + " in " + erasure);
  }

  static String state(JsonNode erasure, String name) {
    return target(erasure, name).path("state").asText();
  }

  @Override
  public void close() throws IOException {
    end();
    await(vertx.close());
  }
}
