package dev.rollcall.views;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.Settings;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.config.sources.ViewSettings;
import dev.rollcall.sources.LocalSources;
import dev.rollcall.sources.Loop;
import dev.rollcall.sources.SingleSource;
import dev.rollcall.sources.SourceClient;
import dev.rollcall.sources.bus.BusSource;
import dev.rollcall.tracing.TraceSpan;
import dev.rollcall.tracing.Tracing;
import dev.rollcall.users.User;
import dev.rollcall.users.Users;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The declared views and their sources. One for a process; safe for use by all threads. Futures
 * complete on the context of the caller.
 */
public final class Views {
  private final Vertx vertx;
  private final Users users;
  private final RecentFetches recent;
  private final @Nullable Tracing tracing;
  private final Map<String, SourceClient> sources = new TreeMap<>();
  private final Map<String, View> views = new TreeMap<>();

  public Views(
      Vertx vertx,
      Settings settings,
      Users users,
      LocalSources local,
      RecentFetches recent,
      MeterRegistry registry) {
    this.vertx = vertx;
    this.users = users;
    this.recent = recent;
    this.tracing = local.tracing();
    for (SourceSettings source : settings.sources().values()) {
      sources.put(
          source.name(),
          new SourceClient(source, new BusSource(vertx, source, local), local, registry));
    }
    for (ViewSettings view : settings.views().values()) {
      views.put(view.name(), new View(view, sources, registry));
    }
  }

  /** Throws a {@link Failure} of kind {@code NOT_FOUND} for an unknown name. */
  public View named(String name) {
    View view = views.get(name);
    if (view == null) {
      throw Failure.of(Kind.NOT_FOUND, "there is no such view");
    }
    return view;
  }

  /** Throws a {@link Failure} of kind {@code NOT_FOUND} unless a source takes an id alone. */
  public SingleSource source(String name) {
    SourceClient source = sources.get(name);
    if (source == null) {
      throw Failure.of(Kind.NOT_FOUND, "there is no such source");
    }
    if (!SingleSource.takesIdAlone(source.settings())) {
      throw Failure.of(Kind.NOT_FOUND, "this source takes more than an id");
    }
    return new SingleSource(vertx, source);
  }

  /** The views that may be shown, and their sources, as a JSON object. */
  public Buffer declared(Predicate<String> shown) {
    return ViewJson.list(views.values().stream().filter(view -> shown.test(view.name())).toList());
  }

  /**
   * Fetches a view of a user, on the caller's event loop.
   *
   * @return fails with {@code NOT_FOUND} without such a user, with {@code GATEWAY_TIMEOUT} where
   *     reading the user takes longer than the deadline, with {@code UNAVAILABLE} where the store
   *     can't be reached. A view that failed is an answer with a {@link ViewAnswer#failure()}.
   */
  public Future<ViewAnswer> fetch(ViewRequest request, long id) {
    return fetch(request, id, null);
  }

  /**
   * The same, telling of it as it goes on.
   *
   * @param progress null where nobody wants to know
   */
  public Future<ViewAnswer> fetch(ViewRequest request, long id, @Nullable ViewProgress progress) {
    TraceSpan parent = request.caller().span();
    if (parent == null) {
      return gather(request, id, progress);
    }
    TraceSpan span = ViewTrace.begin(parent, request, id);
    return gather(request.within(span), id, progress)
        .onComplete(answer -> ViewTrace.end(span, request, answer));
  }

  private Future<ViewAnswer> gather(ViewRequest request, long id, @Nullable ViewProgress progress) {
    long startedAt = System.nanoTime();
    Loop loop = Loop.current(vertx);
    User present = users.present(id);
    if (present != null) {
      return new Gather(request, present, loop, recent, startedAt).run(progress);
    }
    return byDeadline(users.get(id, request.client()), request)
        .onFailure(cause -> record(request, id, cause, startedAt))
        .compose(found -> new Gather(request, found, loop, recent, startedAt).run(progress));
  }

  /** Keeps a fetch whose user could not be had. */
  private void record(ViewRequest request, long id, Throwable cause, long startedAt) {
    if (recent.keepsAny()) {
      int status = ViewTrace.status(cause);
      recent.add(
          RecentFetch.of(
              request,
              id,
              request.client().cancelled() ? Verdict.NOBODY_WAITED : status,
              false,
              List.of(),
              startedAt,
              System.nanoTime() - startedAt));
    }
  }

  /** What begins spans; null where nothing is traced. */
  public @Nullable Tracing tracing() {
    return tracing;
  }

  /** Forgets what this process holds of a user: answers kept of sources, and fetches seen. */
  public void forget(long user) {
    sources.values().forEach(source -> source.forget(user));
    recent.forget(user);
  }

  /** Repeats once what a lost node of the cluster may have been asked, unless by POST. */
  public void nodeLost() {
    sources.values().forEach(SourceClient::nodeLost);
  }

  private Future<User> byDeadline(Future<User> user, ViewRequest request) {
    if (user.isComplete()) {
      return user;
    }
    Promise<User> found = Promise.promise();
    long timer =
        vertx.setTimer(
            Math.max(1, request.deadline().remainingMillis()),
            late ->
                found.tryFail(
                    Failure.of(Kind.GATEWAY_TIMEOUT, "the user was not found by the deadline")));
    user.onComplete(found::tryComplete, found::tryFail);
    return found.future().onComplete(either -> vertx.cancelTimer(timer));
  }
}
