import dev.rollcall.access.KeyFollower;
import dev.rollcall.access.KeyRing;
import dev.rollcall.access.Keys;
import dev.rollcall.access.clients.WrongCredentials;
import dev.rollcall.budgets.InboundBudget;
import dev.rollcall.budgets.OutboundBudget;
import dev.rollcall.bus.BusLimits;
import dev.rollcall.bus.BusVerticle;
import dev.rollcall.config.Settings;
import dev.rollcall.credentials.Passwords;
import dev.rollcall.followers.cursors.CursorWatch;
import dev.rollcall.followers.cursors.KeptCursors;
import dev.rollcall.followers.receipts.PublishedKeys;
import dev.rollcall.operations.Resources;
import dev.rollcall.sources.LocalSources;
import dev.rollcall.store.sqlite.SqliteStore;
import dev.rollcall.users.UserService;
import dev.rollcall.views.RecentFetches;
import dev.rollcall.views.Views;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Rollcall's users on the event bus of this process, beside the floor, with the load on the same
 * event loop. The arguments are the store, the file with the user that the floor replies, and the
 * plan.
 */
public final class BusLocal {

  private BusLocal() {}

  public static void main(String[] args) throws Exception {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    Settings settings = Settings.of("store.path=" + args[0]);
    MeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    SqliteStore.Options options = SqliteStore.Options.of(settings);
    try (SqliteStore store = SqliteStore.open(vertx, options, registry)) {
      vertx.deployVerticle(verticle(vertx, settings, store, registry)).await(60, TimeUnit.SECONDS);
      vertx.deployVerticle(BusEcho.of(BusEcho.ADDRESS, args[1])).await(60, TimeUnit.SECONDS);
      List<BusLoad.Target> targets =
          List.of(
              new BusLoad.Target(Results.OURS, 0, BusMember.question(vertx, "rollcall.users.get")),
              new BusLoad.Target("bare", 0, BusMember.question(vertx, BusEcho.ADDRESS)));
      BusLoad.run(vertx.getOrCreateContext(), BusLoad.Plan.of(args), targets);
    } finally {
      vertx.close().await(60, TimeUnit.SECONDS);
    }
  }

  /** As the whole of Rollcall has it. */
  private static BusVerticle verticle(
      Vertx vertx, Settings settings, SqliteStore store, MeterRegistry registry) {
    UserService users =
        new UserService(store, new Passwords(vertx, settings.credentials(), registry));
    Views views =
        new Views(vertx, settings, users, new LocalSources(null), new RecentFetches(0), registry);
    OutboundBudget budget =
        new OutboundBudget(
            settings.outbound().limit(),
            settings.outbound().patience(),
            settings.http().bodyLimit(),
            registry);
    InboundBudget inbound =
        new InboundBudget(settings.http().clients().receiveLimit(), registry);
    BusLimits limits = new BusLimits(settings.bus(), budget, inbound, registry, null);
    KeyFollower follower = new KeyFollower(vertx, store.tables().keys(), new KeyRing());
    Keys keys = new Keys(store.tables().keys(), follower);
    CursorWatch watch = new CursorWatch(vertx, store.tables().cursors(), registry);
    KeptCursors cursors = new KeptCursors(store.tables().cursors(), users, watch);
    Resources resources =
        new Resources(
            users,
            views,
            Optional.empty(),
            keys,
            cursors,
            Optional.empty(),
            new WrongCredentials(System::nanoTime),
            Optional.empty(),
            new PublishedKeys(() -> Future.succeededFuture(List.of())),
            Optional.empty());
    return new BusVerticle(settings, resources, limits);
  }
}
