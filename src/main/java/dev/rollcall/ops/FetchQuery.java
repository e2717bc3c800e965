package dev.rollcall.ops;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.views.RecentFetch;
import dev.rollcall.views.RecentFetches;
import dev.rollcall.wire.Parameters;
import dev.rollcall.wire.WholeNumber;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which fetches an operator wants to see.
 *
 * @param limit how many at most
 * @param view those of a view; null for all
 * @param slowerThan those that took longer, in milliseconds; -1 for all
 * @param status those with a status; 0 for all
 */
record FetchQuery(int limit, @Nullable String view, long slowerThan, int status)
    implements Predicate<RecentFetch> {

  private static final String LIMIT = "limit";
  private static final String VIEW = "view";
  private static final String SLOWER_THAN = "slowerThan";
  private static final String STATUS = "status";

  /** What may be asked of those that are kept. */
  static final Set<String> OF_THE_PAST = Set.of(LIMIT, VIEW, SLOWER_THAN, STATUS);

  /** What may be asked of those to come. */
  static final Set<String> LIVE = Set.of(VIEW, SLOWER_THAN, STATUS);

  private static final int MOST = 1000;
  private static final int USUAL = 100;
  private static final long NANOS = 1_000_000;

  /**
   * Reads the query of a request.
   *
   * @throws Failure of kind {@code INVALID} that names the parameter at fault
   */
  static FetchQuery read(HttpServerRequest request, Set<String> known) {
    MultiMap given;
    try {
      given = request.params();
    } catch (IllegalArgumentException e) {
      throw Failure.of(Kind.INVALID, "the query is not percent-encoded UTF-8");
    }
    for (String name : given.names()) {
      if (!known.contains(name)) {
        String shown = name.length() > 100 ? name.substring(0, 100) : name;
        throw Failure.of(Kind.INVALID, "?" + shown + ": unknown parameter");
      }
    }
    return new FetchQuery(
        (int) number(given, LIMIT, 1, MOST, USUAL),
        one(given, VIEW),
        number(given, SLOWER_THAN, 0, WholeNumber.MAX, -1),
        (int) number(given, STATUS, 100, 599, 0));
  }

  private static @Nullable String one(MultiMap given, String name) {
    List<String> values = given.getAll(name);
    if (values.size() > 1) {
      throw Failure.of(Kind.INVALID, "?" + name + ": must be given once");
    }
    if (!values.isEmpty() && values.get(0).isEmpty()) {
      throw Failure.of(Kind.INVALID, "?" + name + ": must not be empty");
    }
    return values.isEmpty() ? null : values.get(0);
  }

  private static long number(MultiMap given, String name, long least, long most, long fallback) {
    String text = one(given, name);
    if (text == null) {
      return fallback;
    }
    long number = WholeNumber.parse(text);
    if (number < least || number > most) {
      throw Failure.of(Kind.INVALID, "?" + name + ": " + Parameters.notAnInteger(least, most));
    }
    return number;
  }

  /** Those of the past that a request asks for. */
  static Future<OperatorAnswer> page(Vertx vertx, HttpServerRequest request, RecentFetches recent) {
    FetchQuery query = read(request, OF_THE_PAST);
    // A thousand with many sources take milliseconds.
    return vertx.executeBlocking(
        () -> OperatorAnswer.text("application/json", query.page(recent)), false);
  }

  /** Those that it asks for, as a JSON object. */
  String page(RecentFetches recent) {
    StringBuilder items = new StringBuilder("{\"items\":[");
    String separator = "";
    for (RecentFetch fetch : recent.newest(limit, this)) {
      fetch.append(items.append(separator));
      separator = ",";
    }
    return items.append("]}").toString();
  }

  @Override
  public boolean test(RecentFetch fetch) {
    return (view == null || view.equals(fetch.view()))
        && (status == 0 || status == fetch.status())
        && (slowerThan < 0 || fetch.nanos() > slowerThan * NANOS);
  }
}
