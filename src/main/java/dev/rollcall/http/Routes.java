package dev.rollcall.http;

import dev.rollcall.config.HttpSettings;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.sources.Views;
import dev.rollcall.users.Users;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The one table of what there is over HTTP. The router, {@code Allow}, the meters and the test that
 * holds the routes to {@code openapi.yaml} are all made from it.
 */
final class Routes {

  static final String USER = "/users/{id}";

  /** What links of any page may lead to: nothing there is about users. */
  static final Set<String> OPEN_DOCUMENTS = Set.of("/", "/openapi.yaml", "/asyncapi.yaml");

  private static final String JOB = "/jobs/{id}";

  private final List<Route> table;
  private final UserReading reading;
  private final ChangeFeed feed;
  private final JobEvents jobEvents;

  Routes(Users users, Views views, Optional<Jobs> jobs, Gate gate, HttpSettings settings) {
    UserWriting writing = new UserWriting(users, settings);
    UserPasswords passwords = new UserPasswords(users, settings);
    ViewReading viewing = new ViewReading(views);
    reading = new UserReading(users);
    feed = new ChangeFeed(users, gate);
    jobEvents = new JobEvents(jobs, gate);
    JobWriting starting = new JobWriting(jobs, settings);
    JobReading jobReading = new JobReading(jobs);
    table =
        List.of(
            new Route(HttpMethod.GET, "/", Documents::index),
            new Route(HttpMethod.GET, "/openapi.yaml", Documents::openApi),
            new Route(HttpMethod.GET, "/asyncapi.yaml", Documents::asyncApi),
            new Route(HttpMethod.GET, "/users", reading::list),
            new Route(HttpMethod.POST, "/users", writing::create),
            new Route(HttpMethod.POST, "/users/import", new UserImports(users, settings)),
            new Route(HttpMethod.GET, "/users/export", new UserExports(users)),
            new Route(HttpMethod.GET, "/users/changes", feed),
            new Route(HttpMethod.GET, USER, reading::get),
            new Route(HttpMethod.PUT, USER, writing::put),
            new Route(HttpMethod.PATCH, USER, writing::patch),
            new Route(HttpMethod.DELETE, USER, writing::delete),
            new Route(HttpMethod.PUT, USER + "/password", passwords::set),
            new Route(HttpMethod.POST, USER + "/password/verify", passwords::verify),
            new Route(HttpMethod.GET, USER + "/views/{view}", viewing::get),
            new Route(HttpMethod.GET, "/views", viewing::list),
            new Route(HttpMethod.POST, "/views/{view}/batch", new ViewBatches(views, settings)),
            new Route(HttpMethod.GET, "/jobs", jobReading::list),
            new Route(HttpMethod.POST, "/jobs", starting::start),
            new Route(HttpMethod.GET, JOB, jobReading::get),
            new Route(HttpMethod.DELETE, JOB, starting::cancel),
            new Route(HttpMethod.GET, JOB + "/results", jobReading::results),
            new Route(HttpMethod.GET, JOB + "/events", jobEvents));
  }

  /** What answers a plain {@code GET /users/{id}} without asking the router. */
  UserReading reading() {
    return reading;
  }

  /** Ends the event streams, as is to be done before the server is ended. */
  void endStreams() {
    feed.endStreams();
    jobEvents.endStreams();
  }

  /** The rows by template, those with literal segments before those with parameters. */
  Map<String, List<Route>> byTemplate() {
    // A brace sorts behind all that a literal segment begins with, so plain text order will do.
    return table.stream()
        .collect(Collectors.groupingBy(Route::template, TreeMap::new, Collectors.toList()));
  }
}
