package dev.rollcall.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * How long requests took, by method, route template and status. Safe for use by all threads.
 *
 * <p>A timer is looked up once for each combination and then found by index, so that counting a
 * request builds no tags. Buckets are counted here and percentiles computed by whoever scrapes.
 */
final class RequestMeters {

  /** The route of a request that no template matches; its path must not become a tag. */
  static final String UNMATCHED = "none";

  private static final Duration[] BUCKETS =
      List.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000).stream()
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

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

  RequestMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** The meters of a route template; to be kept, not looked up for each request. */
  Route route(String template) {
    return routes.computeIfAbsent(template, Route::new);
  }

  /** The timers of one route template. */
  final class Route {
    private final String template;
    private final AtomicReferenceArray<Timer> timers =
        new AtomicReferenceArray<>((METHODS.size() + 1) * STATUSES);

    private Route(String template) {
      this.template = template;
    }

    void record(HttpMethod method, int status, long nanos) {
      int row = METHODS.indexOf(method);
      int index = (row < 0 ? METHODS.size() : row) * STATUSES + status;
      Timer timer = timers.getAcquire(index);
      if (timer == null) {
        timer = register(row < 0 ? "OTHER" : method.name(), status);
        timers.setRelease(index, timer);
      }
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer register(String method, int status) {
      return Timer.builder("rollcall.http.requests")
          .description("from a request's head to the end of its answer")
          .tags("method", method, "route", template, "status", Integer.toString(status))
          .serviceLevelObjectives(BUCKETS)
          .register(registry);
    }
  }
}
