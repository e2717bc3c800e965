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
import dev.rollcall.users.User;
import dev.rollcall.users.Users;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * The declared views, and what fetches them. One for a process; safe for use by all threads.
 *
 * <p>Futures complete on the context of the caller.
 */
public final class Views {

  private final Vertx vertx;
  private final Users users;
  private final Map<String, SourceClient> sources = new TreeMap<>();
  private final Map<String, View> views = new TreeMap<>();

  /**
   * The views of some settings.
   *
   * @param local where the sources of this process are served
   * @param registry where the meters named {@code rollcall.view.…} and {@code rollcall.source.…}
   *     are kept
   */
  public Views(
      Vertx vertx, Settings settings, Users users, LocalSources local, MeterRegistry registry) {
    this.vertx = vertx;
    this.users = users;
    for (SourceSettings source : settings.sources().values()) {
      sources.put(
          source.name(),
          new SourceClient(source, new BusSource(vertx, source, local), local, registry));
    }
    for (ViewSettings view : settings.views().values()) {
      views.put(view.name(), new View(view, sources, registry));
    }
  }

  /** The view of that name; throws a {@link Failure} of kind {@code NOT_FOUND}. */
  public View named(String name) {
    View view = views.get(name);
    if (view == null) {
      throw Failure.of(Kind.NOT_FOUND, "there is no such view");
    }
    return view;
  }

  /**
   * The source of that name, to be asked by itself.
   *
   * @throws Failure of kind {@code NOT_FOUND} where there is none that takes an id alone
   */
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

  /** All views and their sources, as a JSON object. */
  public Buffer declared() {
    return ViewList.json(views.values());
  }

  /**
   * Fetches a view of a user, on the caller's event loop.
   *
   * @return fails with {@code NOT_FOUND} for no such user, with {@code GATEWAY_TIMEOUT} when the
   *     user itself can't be had within the deadline, with {@code UNAVAILABLE} when the store can't
   *     be reached. A view that failed is an answer with a {@link ViewAnswer#failure()}.
   */
  public Future<ViewAnswer> fetch(ViewRequest request, long id) {
    long startedAt = System.nanoTime();
    Loop loop = Loop.current(vertx);
    User present = users.present(id);
    if (present != null) {
      return new Gather(request, present, loop, startedAt).run();
    }
    return byDeadline(users.get(id, request.client()), request)
        .compose(found -> new Gather(request, found, loop, startedAt).run());
  }

  /**
   * Another node of the cluster is gone: what is under way and may have been asked of it is asked
   * of others, once, unless it is a POST.
   */
  public void nodeLost() {
    sources.values().forEach(SourceClient::nodeLost);
  }

  /** The user, or a failure where even that takes too long. */
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
    user.onComplete(
        outcome -> {
          vertx.cancelTimer(timer);
          if (outcome.succeeded()) {
            found.tryComplete(outcome.result());
          } else {
            found.tryFail(outcome.cause());
          }
        });
    return found.future();
  }
}
