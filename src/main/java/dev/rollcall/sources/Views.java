package dev.rollcall.sources;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.Settings;
import dev.rollcall.users.Users;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
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

  private final Map<String, View> views = new TreeMap<>();

  /**
   * The views of some settings.
   *
   * @param local where the sources of this process are served
   * @param registry where the meters named {@code rollcall.view.…} and {@code rollcall.source.…}
   *     are kept
   */
  public Views(
      Vertx vertx, Settings settings, Users users, LocalSources local, MeterRegistry registry) {}

  /** The view of that name; throws a {@link Failure} of kind {@code NOT_FOUND}. */
  public View named(String name) {
    View view = views.get(name);
    if (view == null) {
      throw Failure.of(Kind.NOT_FOUND, "there is no such view");
    }
    return view;
  }

  /** All views and their sources, as a JSON object. */
  public Buffer declared() {
    return Buffer.buffer("{\"items\":[]}");
  }

  /**
   * Fetches a view of a user, on the caller's event loop.
   *
   * @return fails with {@code NOT_FOUND} for no such user, with {@code GATEWAY_TIMEOUT} when the
   *     user itself can't be had within the deadline, with {@code UNAVAILABLE} when the store can't
   *     be reached. A view that failed is an answer with a {@link ViewAnswer#failure()}.
   */
  public Future<ViewAnswer> fetch(ViewRequest request, long id) {
    return Future.failedFuture(new UnsupportedOperationException());
  }
}
