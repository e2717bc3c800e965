import io.vertx.core.json.JsonObject;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Fetches the same view in each mode and one for many users, and draws where the time went. The
 * arguments are the address of Rollcall and how many seconds its upstreams take.
 */
public final class Demo {

  private static final int USERS = 100;
  private static final int IN_FLIGHT = 10;
  private static final int SOURCES = 3;

  /** The one user for whom the upstreams answer at once. */
  private static final long QUICK = USERS + 1;

  /** How often the quick one is asked for first, so that no cold JVM is measured. */
  private static final int WARMING = 100;

  /** How many columns the longest bar has. */
  private static final int WIDTH = 60;

  /** Columns that are filled by so many eighths. */
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉█";

  /** In UTF-8, whatever the locale says. */
  private final PrintStream out =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String rollcall;

  /** What an upstream takes, in milliseconds. */
  private final double delay;

  private Demo(String rollcall, double seconds) {
    this.rollcall = rollcall;
    this.delay = seconds * 1000;
  }

  public static void main(String[] args) throws InterruptedException {
    try {
      new Demo(args[0], Double.parseDouble(args[1])).run();
    } catch (IOException | IllegalStateException e) {
      System.err.println(e);
      System.exit(1);
    }
  }

  private void run() throws IOException, InterruptedException {
    importUsers();
    for (int i = 0; i < WARMING; i++) {
      for (String mode : List.of("sequential", "all", "any", "race")) {
        fetch(QUICK, mode);
      }
    }
    say(
        "A view of %d sources that take %.1f s each (█ answered, ░ did not)",
        SOURCES, delay / 1000);
    draw("sequential", "one after the other");
    draw("all", "at once, and all answers");
    draw("any", "at once, until the first good answer");
    draw("race", "at once, until the first answer, good or bad");
    drawBatch();
  }

  private void importUsers() throws IOException, InterruptedException {
    String users =
        LongStream.rangeClosed(1, QUICK)
            .mapToObj(id -> user(id, id == QUICK ? 0 : Math.round(delay)).encode())
            .collect(Collectors.joining("\n"));
    var request = post("/users/import", "application/x-ndjson", users);
    JsonObject report = new JsonObject(send(request, BodyHandlers.ofString()));
    check(report.getInteger("created") == QUICK, report);
  }

  private static JsonObject user(long id, long delay) {
    return JsonObject.of(
        "id", id, "name", "User " + id, "attributes", JsonObject.of("delay", delay));
  }

  private JsonObject fetch(long user, String mode) throws IOException, InterruptedException {
    var request = to("/users/" + user + "/views/profile?mode=" + mode);
    return new JsonObject(send(request, BodyHandlers.ofString()));
  }

  private void draw(String mode, String what) throws IOException, InterruptedException {
    boolean sequential = mode.equals("sequential");
    long began = System.nanoTime();
    JsonObject sources = fetch(1, mode).getJsonObject("sources");
    double took = millisSince(began);

    say("%n%s: %s", mode, what);
    double column = SOURCES * delay / WIDTH;
    double sum = 0;
    double longest = 0;
    for (String name : sources.fieldNames()) {
      JsonObject source = sources.getJsonObject(name);
      String status = source.getString("status");
      double ms = source.getDouble("ms");
      double start = sequential ? sum : 0;
      String bar = bar(start / column, (start + ms) / column, status.equals("ok"));
      say("  %-7s %s %8.1f ms %s", name, bar, ms, status);
      sum += ms;
      longest = Math.max(longest, ms);
    }
    double least = sequential ? SOURCES * delay : delay;
    say("          %s", axis(SOURCES * delay));
    say(
        "  answered in %.1f ms: %.1f ms more than %s, %.1f ms more than the upstreams' %.1f s",
        took,
        took - (sequential ? sum : longest),
        sequential ? "these together" : "the longest of these",
        took - least,
        least / 1000);
  }

  /** Draws a bar for as many users as are in flight, from the end of those before to their own. */
  private void drawBatch() throws IOException, InterruptedException {
    say("%nbatch: %d users, %d in flight, in mode all", USERS, IN_FLIGHT);
    List<Long> ids = LongStream.rangeClosed(1, USERS).boxed().toList();
    JsonObject body = JsonObject.of("ids", ids, "concurrency", IN_FLIGHT);
    var request = post("/views/profile/batch", "application/json", body.encode());
    double ideal = delay * USERS / IN_FLIGHT;
    double column = ideal / WIDTH;
    double took = 0;
    int done = 0;
    long began = System.nanoTime();
    try (Stream<String> lines = send(request, BodyHandlers.ofLines())) {
      for (var line = lines.iterator(); line.hasNext(); ) {
        JsonObject user = new JsonObject(line.next());
        check(user.getInteger("status") == 200, user);
        if (++done % IN_FLIGHT == 0) {
          double now = millisSince(began);
          say("  %7s %s %8.1f ms", done + "th", bar(took / column, now / column, true), now);
          took = now;
        }
      }
    }
    check(done == USERS, "the batch ended after " + done + " users");
    say("          %s", axis(ideal));
    say(
        "  %.2f users a second: %.1f ms more than the %.1f s that is least possible",
        1000 * USERS / took, took - ideal, ideal / 1000);
  }

  /** Where a source, or a part of the batch, stands between two columns. Lighter: no answer. */
  private static String bar(double from, double to, boolean answered) {
    int start = (int) Math.min(WIDTH, Math.round(from));
    int eighths = (int) Math.max(0, Math.round(Math.min(WIDTH, to) * 8) - start * 8L);
    String full = (answered ? "█" : "░").repeat(eighths / 8);
    String rest =
        answered && eighths % 8 > 0 ? EIGHTHS.substring(eighths % 8, eighths % 8 + 1) : "";
    String bar = " ".repeat(start) + full + rest;
    return bar + " ".repeat(WIDTH - bar.length());
  }

  /** Names the seconds at each third of a bar that is as long as it gets. */
  private static String axis(double millis) {
    return IntStream.range(0, 3)
        .mapToObj(third -> String.format(Locale.ROOT, "╵%.1f s", millis * third / 3000))
        .map(mark -> mark + " ".repeat(WIDTH / 3 - mark.length()))
        .collect(Collectors.joining("", "", String.format(Locale.ROOT, "╵%.1f s", millis / 1000)));
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(rollcall + path)).timeout(Duration.ofSeconds(30));
  }

  private HttpRequest.Builder post(String path, String type, String body) {
    return to(path).header("Content-Type", type).POST(BodyPublishers.ofString(body));
  }

  private <T> T send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
      throws IOException, InterruptedException {
    HttpResponse<T> response = client.send(request.build(), body);
    check(response.statusCode() == 200, response + " " + response.body());
    return response.body();
  }

  private void say(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values).stripTrailing());
  }

  private static double millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e6;
  }

  private static void check(boolean right, Object otherwise) {
    if (!right) {
      throw new IllegalStateException(otherwise.toString());
    }
  }
}
