package dev.rollcall.followers.webhooks;

import dev.rollcall.base.Deadline;
import dev.rollcall.base.Lease;
import dev.rollcall.followers.webhooks.DeliveryStore.Held;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The webhooks that this process holds: takes those that nobody holds, keeps them by one lease, and
 * lets go of those that were deleted, or that another process has. Belongs to one event loop.
 */
final class HeldWebhooks {
  private static final Logger LOG = LoggerFactory.getLogger(HeldWebhooks.class);

  /** After a process that died, the next one has them so much later. */
  static final Duration LEASE = Duration.ofSeconds(10);

  private final Context context;
  private final WebhookStore webhooks;
  private final DeliveryStore store;
  private final WebhookMeters meters;
  private final Map<Long, WebhookRun> runs = new HashMap<>();
  private WebhookRun.@Nullable Shared shared;
  private String owner = UUID.randomUUID().toString();
  private @Nullable Lease lease;
  private volatile boolean any;
  private boolean looking;
  private boolean again;
  private boolean ended;

  HeldWebhooks(Context context, WebhookStore webhooks, DeliveryStore store, WebhookMeters meters) {
    this.context = context;
    this.webhooks = webhooks;
    this.store = store;
    this.meters = meters;
  }

  /** What its runs share; to be called first. */
  void begin(WebhookRun.Shared all) {
    shared = all;
  }

  Collection<WebhookRun> runs() {
    return runs.values();
  }

  /** Whether there is any; safe for use by all threads. */
  boolean any() {
    return any;
  }

  @Nullable WebhookRun run(long id) {
    return runs.get(id);
  }

  /** Whether the lease lasts for another delivery. */
  boolean mayWork() {
    return !ended && lease != null && lease.allowsWork();
  }

  /** Looks what there is to be held, and what has changed. */
  void look() {
    if (looking) {
      again = true;
      return;
    }
    if (ended) {
      return;
    }
    looking = true;
    again = false;
    store
        .held()
        .compose(this::settle)
        .onFailure(fault -> LOG.debug("webhooks are not looked at: {}", fault.getMessage()))
        .onComplete(
            any -> {
              looking = false;
              if (again) {
                look();
              }
            });
  }

  private Future<?> settle(List<Held> all) {
    Map<Long, Held> byId = all.stream().collect(Collectors.toMap(Held::id, held -> held));
    for (WebhookRun run : List.copyOf(runs.values())) {
      Held held = byId.get(run.id());
      if (held == null || held.epoch() != run.webhook().epoch()) {
        drop(run);
      }
    }
    if (all.stream().anyMatch(held -> held.free() && !owner.equals(held.owner()))) {
      return claim();
    }
    boolean changed =
        all.stream()
            .filter(held -> owner.equals(held.owner()))
            .anyMatch(held -> isNews(held, runs.get(held.id())));
    return changed ? load() : Future.succeededFuture();
  }

  private static boolean isNews(Held held, @Nullable WebhookRun run) {
    return run == null || run.webhook().revision() != held.revision();
  }

  private Future<?> claim() {
    Deadline until = Deadline.in(LEASE);
    return store
        .claim(owner, LEASE)
        .onSuccess(
            claimed -> {
              if (claimed > 0 && lease == null) {
                keep(until);
              }
            })
        .onComplete(over -> beSomebodyElse())
        .compose(claimed -> load());
  }

  /** Without a lease it holds nothing: what a claim whose answer was lost took is soon free. */
  private void beSomebodyElse() {
    if (lease == null) {
      owner = UUID.randomUUID().toString();
    }
  }

  private void keep(Deadline until) {
    Lease kept =
        new Lease(
            context,
            "the webhooks of this process",
            LEASE,
            until,
            () -> store.renew(owner, LEASE),
            () -> false,
            this::turn,
            this::lost);
    lease = kept;
    kept.start();
  }

  private void turn() {
    runs.values().forEach(WebhookRun::turn);
  }

  /** Under another name from then on, since nothing says whether the old one still holds any. */
  private void lost() {
    endLease();
    List.copyOf(runs.values()).forEach(this::drop);
    beSomebodyElse();
  }

  private void endLease() {
    if (lease != null) {
      lease.end();
      lease = null;
    }
  }

  /** Reads those that are held here, and makes what is new of them count. */
  private Future<?> load() {
    String name = owner;
    return Future.all(webhooks.all(), store.held())
        .compose(
            read -> {
              List<Webhook> all = read.resultAt(0);
              List<Held> held = read.resultAt(1);
              Map<Long, Long> ours =
                  held.stream()
                      .filter(each -> name.equals(each.owner()))
                      .collect(Collectors.toMap(Held::id, Held::epoch));
              List<Future<?>> opened = new ArrayList<>();
              for (Webhook webhook : all) {
                Long epoch = ours.get(webhook.id());
                if (epoch != null && epoch == webhook.epoch()) {
                  opened.add(open(webhook));
                }
              }
              return Future.join(opened);
            });
  }

  private Future<?> open(Webhook webhook) {
    WebhookRun run = runs.get(webhook.id());
    if (run != null && run.webhook().epoch() != webhook.epoch()) {
      drop(run); // It was claimed anew, perhaps behind a replay: what it knows no longer counts.
      run = null;
    }
    if (run != null) {
      if (run.webhook().revision() != webhook.revision()) {
        run.declared(webhook);
      }
      return Future.succeededFuture();
    }
    String name = owner;
    return store
        .parkedUsers(webhook.id())
        .onSuccess(
            parked -> {
              WebhookRun.Shared all = shared;
              if (all != null && !ended && name.equals(owner)) {
                WebhookRun opened = new WebhookRun(all, webhook, parked);
                runs.put(webhook.id(), opened);
                any = true;
                meters.held(opened);
                LOG.info(
                    "webhook {} is delivered to from {} on",
                    webhook.spec().name(),
                    webhook.position());
                opened.turn();
              }
            });
  }

  /** It is held no more. */
  void drop(WebhookRun run) {
    run.drop();
    runs.remove(run.id());
    any = !runs.isEmpty();
    meters.dropped(run);
  }

  /** Begins nothing more. */
  void end() {
    ended = true;
    endLease();
  }

  /** Lets another process have them. */
  Future<Void> release() {
    boolean held = !runs.isEmpty();
    List.copyOf(runs.values()).forEach(this::drop);
    return held ? store.release(owner) : Future.succeededFuture();
  }
}
