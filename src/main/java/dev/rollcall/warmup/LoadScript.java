package dev.rollcall.warmup;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What clients ask: mostly for a user or a view, by two thirds of them, now and then for all else
 * that is read; the first clients also write. Safe for use by all threads.
 *
 * <p>What most requests take comes first and is the most, so that call sites are compiled for it.
 */
public final class LoadScript {

  /** The users 1 to so many are there from the beginning; more than the copy's cache holds. */
  private static final int USERS = 5_000;

  /** The first of them are asked for the most, the others now and then. */
  private static final int ASKED = 1_000;

  /** One request in so many is one of the rest. */
  private static final int REST = 16;

  /** How many clients write. */
  private static final int WRITERS = 2;

  /** What is written is kept in a file, which must not grow for ever. */
  private static final int MOST_WRITES = 40_000;

  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String USUAL =
      "User-Agent: warm-up/1\r\nAccept: */*\r\nX-Request-Id: warm-up-1\r\n";

  /** The parts of a path that users are asked for with. */
  private final List<List<LoadRequest>> usual = new ArrayList<>();

  private final List<LoadRequest> rest = new ArrayList<>();
  private final String headers;
  private final AtomicInteger writes = new AtomicInteger();

  /**
   * A script.
   *
   * @param headers of each request, such as one that says who asks, each with its line break
   * @param views the paths after that of a user, with their queries; the first is asked for the
   *     most
   */
  public LoadScript(String headers, List<String> views) {
    this.headers = headers;
    usual.add(reads(""));
    if (!views.isEmpty()) {
      usual.add(reads(views.get(0)));
    }
    views.stream().skip(1).forEach(view -> rest.addAll(reads(view).subList(0, 20)));
    for (int id = ASKED + 1; id <= USERS; id += 40) {
      rest.add(get(200, "/users/" + id + (views.isEmpty() ? "" : views.get(0)), ""));
      rest.add(get(200, "/users/" + (id + 1), ""));
    }
    rest.add(get(200, "/users?limit=20", ""));
    rest.add(get(404, "/users/999999999", ""));
    rest.add(get(200, "/users?name=user%201&limit=5", ""));
    rest.add(get(400, "/users/none", ""));
    rest.add(get(200, "/users/changes?limit=20", ""));
    rest.add(get(400, "/users?limit=many", ""));
    rest.add(get(304, "/users/7", "If-None-Match: *\r\n"));
    rest.add(get(404, "/nowhere", ""));
    rest.add(get(200, "/users?email=user-7@example.org", ""));
    rest.add(LoadRequest.of(405, "DELETE", "/users", headers, ""));
    rest.add(LoadRequest.of(415, "POST", "/users", headers + "Content-Type: text/plain\r\n", "a"));
    rest.add(LoadRequest.of(400, "POST", "/users", headers + JSON, "{\"name\":"));
    rest.add(
        LoadRequest.of(400, "POST", "/users", headers + JSON, "{\"email\":\"nobody\",\"x\":1}"));
  }

  /** A read of each user, half of them with the headers that browsers and libraries send. */
  private List<LoadRequest> reads(String view) {
    List<LoadRequest> reads = new ArrayList<>();
    for (int id = 1; id <= ASKED; id++) {
      reads.add(get(200, "/users/" + id + view, id % 2 == 0 ? USUAL : ""));
    }
    return reads;
  }

  private LoadRequest get(int status, String target, String more) {
    return LoadRequest.of(status, "GET", target, headers + more, "");
  }

  /** What brings the users, before all else. */
  LoadRequest users() {
    StringBuilder lines = new StringBuilder();
    for (int id = 1; id <= USERS; id++) {
      lines.append("{\"id\":").append(id).append(',').append(members(id)).append("}\n");
    }
    return LoadRequest.of(
        200,
        "POST",
        "/users/import",
        headers + "Content-Type: application/x-ndjson\r\n",
        lines.toString());
  }

  private static String members(int id) {
    return String.format(
        Locale.ROOT,
        "\"name\":\"User"
            + " %d\",\"email\":\"user-%d@example.org\",\"attributes\":{\"team\":\"blue\",\"floor\":3}",
        id,
        id);
  }

  /**
   * What a client asks next.
   *
   * @param client its number, from 0
   * @param turn how many requests it has made
   */
  LoadRequest next(int client, int turn) {
    if (client < WRITERS && writes.get() < MOST_WRITES) {
      return written(client, turn);
    }
    if (turn % REST == client % REST) {
      return rest.get((turn / REST + client) % rest.size());
    }
    List<LoadRequest> reads = usual.get(turn % usual.size());
    // In steps that reach each user, and others than those of the other clients.
    return reads.get((int) ((client * 61L + turn * 7L) % ASKED));
  }

  /** A user's whole life in turns, under an id that is the client's alone. */
  private LoadRequest written(int client, int turn) {
    writes.incrementAndGet();
    int step = turn % 5;
    int id = 10_000 + client * 1_000 + turn / 5 % 1_000;
    String path = "/users/" + id;
    return switch (step) {
      case 0 ->
          LoadRequest.of(
              201, "POST", "/users", headers + JSON, "{\"id\":" + id + ',' + members(id) + '}');
      case 1 ->
          LoadRequest.of(
              200,
              "PATCH",
              path,
              headers + "Content-Type: application/merge-patch+json\r\n",
              "{\"attributes\":{\"team\":\"green\",\"floor\":null}}");
      case 2 -> LoadRequest.of(200, "PUT", path, headers + JSON, "{" + members(id) + "}");
      case 3 -> get(200, path, "");
      default -> LoadRequest.of(204, "DELETE", path, headers, "");
    };
  }
}
