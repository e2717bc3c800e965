package dev.rollcall.followers.webhooks;

import dev.rollcall.base.ProcessorUse;
import dev.rollcall.config.WebhookSettings;
import dev.rollcall.followers.delivery.AddressRules;
import dev.rollcall.followers.delivery.DeliveryClient;
import dev.rollcall.users.ChangeSignal;
import dev.rollcall.users.UserStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.net.InetAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers to the webhooks of a store, on one event loop. One instance for a process; those of
 * other processes with the same store deliver to other webhooks.
 *
 * <p>Stopping lets what is on its way end for a while, records how far it has come, and has another
 * process go on.
 */
public final class WebhookVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookVerticle.class);

  /** Between two recordings; what was taken since the last one is sent again after a crash. */
  private static final long RECORD_MILLIS = 200;

  /** How often it looks for what other processes have changed. */
  private static final long LOOK_MILLIS = 1000;

  /** Between two reads of the feed for whatever is committed. */
  private static final long PAUSE_MILLIS = 5;

  private static final long STOP_MILLIS = TimeUnit.SECONDS.toMillis(5);

  private final UserStore users;
  private final WebhookStore webhooks;
  private final DeliveryStore store;
  private final StoredWebhooks kept;
  private final WebhookSettings settings;
  private final MeterRegistry registry;
  private final Clock clock;
  private final @Nullable Function<String, Future<List<InetAddress>>> names;
  private final AtomicBoolean woken = new AtomicBoolean();
  private @Nullable HeldWebhooks held;
  private @Nullable DeliveryClient client;
  private ChangeSignal.@Nullable Subscription subscription;
  private Future<?> recording = Future.succeededFuture();

  /**
   * An instance that does not deliver yet.
   *
   * @param kept tells of what is declared in this process, and sends what tests ask for
   */
  public WebhookVerticle(
      UserStore users,
      WebhookStore webhooks,
      DeliveryStore store,
      StoredWebhooks kept,
      WebhookSettings settings,
      MeterRegistry registry) {
    this(users, webhooks, store, kept, settings, registry, Clock.systemUTC(), null);
  }

  WebhookVerticle(
      UserStore users,
      WebhookStore webhooks,
      DeliveryStore store,
      StoredWebhooks kept,
      WebhookSettings settings,
      MeterRegistry registry,
      Clock clock,
      @Nullable Function<String, Future<List<InetAddress>>> names) {
    this.users = users;
    this.webhooks = webhooks;
    this.store = store;
    this.kept = kept;
    this.settings = settings;
    this.registry = registry;
    this.clock = clock;
    this.names = names;
  }

  @Override
  public Future<?> start() {
    AddressRules rules = new AddressRules(settings.allow());
    int most = WebhookStore.MOST * settings.inFlight();
    DeliveryClient sending =
        names == null
            ? new DeliveryClient(vertx, rules, most)
            : new DeliveryClient(vertx, rules, names, most);
    WebhookDelivery delivery = new WebhookDelivery(sending, clock);
    WebhookMeters meters = new WebhookMeters(registry);
    FeedTail tail = new FeedTail(users, System::nanoTime);
    HeldWebhooks holding = new HeldWebhooks(context, webhooks, store, meters);
    holding.begin(
        new WebhookRun.Shared(
            store,
            tail,
            delivery,
            settings.inFlight(),
            clock,
            holding::mayWork,
            new DeliveryPace(
                (millis, task) -> vertx.setTimer(millis, over -> task.run()),
                System::nanoTime,
                users::waitingWrites,
                new ProcessorUse()::share),
            meters));
    client = sending;
    held = holding;
    kept.served(
        () -> context.runOnContext(news -> holding.look()),
        spec ->
            Future.future(
                sent -> context.runOnContext(on -> delivery.test(spec).onComplete(sent))));
    subscription = users.signal().subscribe(() -> committed(holding));
    vertx.setPeriodic(LOOK_MILLIS, tick -> holding.look());
    vertx.setPeriodic(RECORD_MILLIS, tick -> tick(holding));
    vertx.setPeriodic(FeedTail.KEEP_MILLIS, tick -> tail.dropOld());
    holding.look();
    return Future.succeededFuture();
  }

  /** Called on the store's thread. A burst of commits is read as one, where it matters at all. */
  private void committed(HeldWebhooks holding) {
    if (holding.any() && woken.compareAndSet(false, true)) {
      context.runOnContext(
          turn -> {
            holding.runs().forEach(WebhookRun::turn);
            vertx.setTimer(
                PAUSE_MILLIS,
                over -> {
                  woken.set(false);
                  holding.runs().forEach(WebhookRun::turn);
                });
          });
    }
  }

  private void tick(HeldWebhooks holding) {
    if (holding.runs().isEmpty()) {
      return;
    }
    holding.runs().forEach(WebhookRun::turn);
    if (recording.isComplete()) {
      recording = record(holding);
    }
  }

  private Future<?> record(HeldWebhooks holding) {
    List<WebhookProgress> all = new ArrayList<>();
    for (WebhookRun run : holding.runs()) {
      WebhookProgress progress = run.takeProgress();
      if (progress != null) {
        all.add(progress);
      }
    }
    if (all.isEmpty()) {
      return Future.succeededFuture();
    }
    return store
        .record(all)
        .onComplete(ids -> recorded(holding, all, ids), fault -> notRecorded(holding, all, fault));
  }

  private static void recorded(HeldWebhooks holding, List<WebhookProgress> all, Set<Long> ids) {
    for (WebhookProgress each : all) {
      WebhookRun run = holding.run(each.id());
      if (run == null || run.webhook().epoch() != each.epoch()) {
        continue;
      }
      if (ids.contains(each.id())) {
        run.progress().recorded();
      } else {
        holding.drop(run);
      }
    }
  }

  private static void notRecorded(
      HeldWebhooks holding, List<WebhookProgress> all, Throwable fault) {
    LOG.debug("deliveries are recorded later: {}", fault.getMessage());
    for (WebhookProgress each : all) {
      WebhookRun run = holding.run(each.id());
      if (run != null && run.webhook().epoch() == each.epoch()) {
        run.progress().giveBack(each);
      }
    }
  }

  @Override
  public Future<?> stop() {
    HeldWebhooks holding = held;
    DeliveryClient sending = client;
    kept.servedNoMore();
    if (holding == null || sending == null || subscription == null) {
      return Future.succeededFuture();
    }
    subscription.close();
    holding.end();
    return idle(holding, System.nanoTime())
        .compose(idle -> recording.otherwiseEmpty())
        .compose(before -> record(holding).otherwiseEmpty())
        .compose(recorded -> holding.release().otherwiseEmpty())
        .compose(released -> sending.close());
  }

  /** Waits until nothing is on its way, for some seconds at most. */
  private Future<?> idle(HeldWebhooks holding, long since) {
    boolean busy = holding.runs().stream().anyMatch(run -> run.inFlight() > 0);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
    return busy && millis < STOP_MILLIS
        ? vertx.timer(20).compose(later -> idle(holding, since))
        : Future.succeededFuture();
  }
}
