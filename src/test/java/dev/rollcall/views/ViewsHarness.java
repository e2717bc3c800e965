package dev.rollcall.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.cluster.Node;
import dev.rollcall.config.Settings;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.sources.Caller;
import dev.rollcall.sources.Fetch;
import dev.rollcall.sources.LocalSources;
import dev.rollcall.sources.Loop;
import dev.rollcall.sources.Owner;
import dev.rollcall.sources.SourceClient;
import dev.rollcall.sources.SourceQuery;
import dev.rollcall.sources.bus.SourceVerticle;
import dev.rollcall.wire.TraceContext;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Views with all that they need but a store and a server. Sources are on the bus, or upstreams.
 * When it is closed, nothing may be under way or wait any more.
 */
public final class ViewsHarness implements AutoCloseable {

  /** As many as a stress needs, however few processors there are. */
  public static final int LOOPS = 4;

  /** What callers have that may go along. */
  static final String AUTHORIZATION = "Bearer caller";

  private static final Caller CALLER =
      new Caller("request-1", TraceContext.NONE, null, Map.of("authorization", AUTHORIZATION)::get);

  public final Vertx vertx = Node.alone(Settings.of("deploy.eventLoops=" + LOOPS).deploy());
  public final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  public final LocalSources local = new LocalSources(null);
  public final RecentFetches recent = new RecentFetches(5000);
  public final Settings settings;
  public final Views views;

  /** Serves the views of settings of the form {@code sources.account.address=test.account}. */
  public ViewsHarness(String... sets) {
    settings = Settings.of(sets);
    views = new Views(vertx, settings, new SampleUsers(), local, recent, registry);
    for (SourceSettings source : settings.sources().values()) {
      if (source.target().isServed() && settings.deploy().sources() > 0) {
        await(
            vertx.deployVerticle(
                () -> new SourceVerticle(source, local),
                new DeploymentOptions().setInstances(settings.deploy().sources())));
      }
    }
  }

  /** Owns an address of the bus. */
  public void own(String address, Consumer<Message<JsonObject>> owner) {
    vertx.eventBus().<JsonObject>consumer(address, owner::accept);
  }

  /** Owns an address of the bus, answering when the test says so. */
  public Owner owner(String address) {
    return new Owner(vertx, address);
  }

  /** Fetches a view of user 42. */
  public ViewAnswer fetch(String view, @Nullable String mode) {
    return await(begin(view, mode, 42, new Cancellation()));
  }

  /** Fetches a view of user 42 for a caller who leaves it so much time. */
  public ViewAnswer fetch(String view, @Nullable String mode, Duration time) {
    Context loop = vertx.getOrCreateContext();
    return await(begin(loop, view, mode, 42, Deadline.in(time), new Cancellation()));
  }

  /** Begins to fetch a view, on an event loop of its own. */
  public Future<ViewAnswer> begin(
      String view, @Nullable String mode, long id, Cancellation client) {
    Deadline deadline = Deadline.in(views.named(view).deadline());
    return begin(vertx.getOrCreateContext(), view, mode, id, deadline, client);
  }

  /** Begins to fetch a view on an event loop. */
  public Future<ViewAnswer> begin(
      Context loop,
      String view,
      @Nullable String mode,
      long id,
      Deadline deadline,
      Cancellation client) {
    View named = views.named(view);
    ViewRequest request =
        new ViewRequest(named, named.mode(mode, "?mode"), deadline, true, client, CALLER);
    Promise<ViewAnswer> answer = Promise.promise();
    loop.runOnContext(turn -> views.fetch(request, id).onComplete(answer));
    return answer.future();
  }

  /** One source, as every view that has it asks it. */
  public SourceClient source(String name) {
    return settings.views().keySet().stream()
        .flatMap(view -> views.named(view).members().stream())
        .map(View.Member::client)
        .filter(client -> client.settings().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Asks one source about a user on an event loop, without a view around it. */
  public Fetch ask(Context loop, String source, long id, Duration time) {
    SourceQuery query = new SourceQuery(id, Map.of(), Map.of(), CALLER);
    Deadline deadline = Deadline.in(time);
    Promise<Fetch> fetch = Promise.promise();
    loop.runOnContext(
        turn -> fetch.complete(source(source).fetch(query, deadline, Loop.current(vertx))));
    return await(fetch.future());
  }

  /** Asks one source about user 42, and gives it 10 s. */
  public Fetch ask(String source) {
    return ask(vertx.getOrCreateContext(), source, 42, Duration.ofSeconds(10));
  }

  /** Contexts of so many event loops, each another one up to {@link #LOOPS}. */
  public List<Context> loops(int count) {
    List<Context> loops = new CopyOnWriteArrayList<>();
    await(
        vertx.deployVerticle(
            () ->
                new VerticleBase() {
                  @Override
                  public Future<?> start() {
                    loops.add(context);
                    return Future.succeededFuture();
                  }
                },
            new DeploymentOptions().setInstances(count)));
    return loops;
  }

  /** The value of a gauge or counter of one source. */
  public double meter(String name, String source) {
    var gauge = registry.find("rollcall.source." + name).tag("source", source).gauge();
    if (gauge != null) {
      return gauge.value();
    }
    return registry.get("rollcall.source." + name).tag("source", source).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  public static <T> T await(Future<T> future) {
    try {
      return future.await(20, TimeUnit.SECONDS);
    } catch (Failure e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("no answer", e);
    }
  }

  /** Asserts that no source is being asked, and that nothing waits for its turn. */
  void assertNothingUnderWay() {
    for (String name : List.of("in.flight", "waiting")) {
      for (Gauge gauge : registry.find("rollcall.source." + name).gauges()) {
        assertThat(gauge.value()).as("%s", gauge.getId()).isZero();
      }
    }
    settings.views().values().stream()
        .flatMap(view -> views.named(view.name()).members().stream())
        .map(View.Member::client)
        .distinct()
        .forEach(
            source ->
                assertThat(source.underWay())
                    .as("questions to %s under way", source.settings().name())
                    .isZero());
  }

  @Override
  public void close() {
    try {
      // What was cancelled from another event loop takes a moment to get there.
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(5))
          .untilAsserted(this::assertNothingUnderWay);
    } finally {
      await(vertx.close());
    }
  }
}
