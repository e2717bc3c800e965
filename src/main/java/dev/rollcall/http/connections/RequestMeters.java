package dev.rollcall.http.connections;

import dev.rollcall.base.TimerTable;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How long requests took, by method, route template and status. Safe for use by all threads. */
public final class RequestMeters {

  /** The route of a request that no template matches; its path must not become a tag. */
  public static final String UNMATCHED = "none";

  /** Any method that is not counted by its name. */
  public static final String OTHER = "OTHER";

  private static final int STATUSES = 600;

  /** Any other method is counted as {@code OTHER}: clients may make up as many as they like. */
  private static final List<HttpMethod> METHODS =
      List.of(
          HttpMethod.GET,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.PATCH,
          HttpMethod.DELETE,
          HttpMethod.HEAD,
          HttpMethod.OPTIONS);

  private final MeterRegistry registry;
  private final ConcurrentMap<String, Route> routes = new ConcurrentHashMap<>();

  /** Whether a method is counted by its name. */
  public static boolean isKnown(HttpMethod method) {
    return METHODS.contains(method);
  }

  RequestMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** The meters of a route template; to be kept, not looked up for each request. */
  public Route route(String template) {
    return routes.computeIfAbsent(template, Route::new);
  }

  /** The timers of one route template. */
  public final class Route {
    private final String template;
    private final TimerTable timers =
        new TimerTable(registry, (METHODS.size() + 1) * STATUSES, this::timer);

    private Route(String template) {
      this.template = template;
    }

    /** Which requests it has; {@link #UNMATCHED} where no template matches. */
    public String template() {
      return template;
    }

    public void record(HttpMethod method, int status, long nanos) {
      int row = METHODS.indexOf(method);
      timers.record((row < 0 ? METHODS.size() : row) * STATUSES + status, nanos);
    }

    private Timer.Builder timer(int place) {
      int row = place / STATUSES;
      String method = row == METHODS.size() ? OTHER : METHODS.get(row).name();
      return Timer.builder("rollcall.http.requests")
          .description("from a request's head to the end of its answer")
          .tags("method", method, "route", template)
          .tag("status", Integer.toString(place % STATUSES));
    }
  }
}
