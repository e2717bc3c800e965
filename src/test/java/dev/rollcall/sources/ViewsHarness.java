package dev.rollcall.sources;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.config.Settings;
import dev.rollcall.config.SourceSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Views with all that they need but a store and a server. Sources are on the bus, or upstreams. */
final class ViewsHarness implements AutoCloseable {

  final Vertx vertx = Vertx.vertx();
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final LocalSources local = new LocalSources();
  final Settings settings;
  final Views views;

  /** Serves the views of settings of the form {@code sources.account.address=test.account}. */
  ViewsHarness(String... sets) {
    settings = Settings.of(sets);
    views = new Views(vertx, settings, new SampleUsers(), local, registry);
    for (SourceSettings source : settings.sources().values()) {
      if (source.address() == null && settings.deploy().sources() > 0) {
        await(
            vertx.deployVerticle(
                () -> new SourceVerticle(source, local),
                new DeploymentOptions().setInstances(settings.deploy().sources())));
      }
    }
  }

  /** Owns an address of the bus. */
  void own(String address, Consumer<Message<JsonObject>> owner) {
    vertx.eventBus().<JsonObject>consumer(address, owner::accept);
  }

  /** Fetches a view of user 42. */
  ViewAnswer fetch(String view, @Nullable String mode) {
    return await(begin(view, mode, 42, new Cancellation()));
  }

  /** Begins to fetch a view, on an event loop of its own. */
  Future<ViewAnswer> begin(String view, @Nullable String mode, long id, Cancellation client) {
    View named = views.named(view);
    Promise<ViewAnswer> answer = Promise.promise();
    vertx
        .getOrCreateContext()
        .runOnContext(
            turn ->
                views
                    .fetch(
                        new ViewRequest(
                            named,
                            named.mode(mode, "?mode"),
                            Deadline.in(named.deadline()),
                            client,
                            new Caller("request-1", null)),
                        id)
                    .onComplete(answer));
    return answer.future();
  }

  /** The value of a gauge or counter of one source. */
  double meter(String name, String source) {
    var gauge = registry.find("rollcall.source." + name).tag("source", source).gauge();
    if (gauge != null) {
      return gauge.value();
    }
    return registry.get("rollcall.source." + name).tag("source", source).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(20, TimeUnit.SECONDS);
    } catch (Failure e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("no answer", e);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
