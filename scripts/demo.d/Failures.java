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
import java.util.Locale;

/**
 * Fetches views of services that fail for a while: one of which an old answer is kept, and one with
 * two URLs. The argument is the address of Rollcall; those of the services are variables of the
 * environment.
 */
public final class Failures {

  private static final int REQUESTS = 20;

  /** Longer than an answer is used without asking, and than a URL is left out. */
  private static final long OLD_MILLIS = 500;

  private static final long BACK_MILLIS = 2200;

  /** In UTF-8, whatever the locale says. */
  private final PrintStream out =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String rollcall;

  private Failures(String rollcall) {
    this.rollcall = rollcall;
  }

  public static void main(String[] args) throws InterruptedException {
    try {
      Failures demo = new Failures(args[0]);
      demo.showStaleAnswers();
      demo.showEjecting();
    } catch (IOException | IllegalStateException e) {
      System.err.println(e);
      System.exit(1);
    }
  }

  private void showStaleAnswers() throws IOException, InterruptedException {
    say("%nA service that fails, with maxAge: 100ms and staleIfError: 1h");
    showPrices("it is well");
    tell("DEMO_PRICES", "ill");
    Thread.sleep(OLD_MILLIS);
    showPrices("it fails");
    Thread.sleep(OLD_MILLIS);
    showPrices("it fails");
    tell("DEMO_PRICES", "well");
    showPrices("it is well again");
  }

  private void showPrices(String when) throws IOException, InterruptedException {
    JsonObject source = fetch("prices", 1);
    boolean stale = source.getBoolean("stale", false);
    say(
        "  %-16s  %s, attempts %d, %s",
        when,
        source.getString("status"),
        source.getInteger("attempts"),
        stale ? String.format(Locale.ROOT, "stale, age %d s", source.getLong("age")) : "new");
  }

  private void showEjecting() throws IOException, InterruptedException {
    say("%nA service with two URLs in turn, one of which fails, with eject: {failures: 3, time: 2s}");
    showStock("both are well");
    tell("DEMO_STOCK_B", "ill");
    showStock("the second fails");
    showStock("it is left out");
    tell("DEMO_STOCK_B", "well");
    Thread.sleep(BACK_MILLIS);
    showStock("it is well again");
  }

  private void showStock(String when) throws IOException, InterruptedException {
    int[] asked = new int[2];
    int failed = 0;
    for (int i = 1; i <= REQUESTS; i++) {
      JsonObject source = fetch("stock", i);
      asked[source.getJsonArray("timeline").getJsonObject(0).getInteger("url")]++;
      failed += source.getString("status").equals("ok") ? 0 : 1;
    }
    say(
        "  %-16s  %d requests: %2d at the first, %2d at the second, %d failed",
        when, REQUESTS, asked[0], asked[1], failed);
  }

  /** What a view says of its only source, which has the name of the view. */
  private JsonObject fetch(String view, long user) throws IOException, InterruptedException {
    String path = "/users/" + user + "/views/" + view + "?explain=true";
    HttpRequest request = to(rollcall + path).build();
    return new JsonObject(send(request)).getJsonObject("sources").getJsonObject(view);
  }

  private void tell(String service, String how) throws IOException, InterruptedException {
    send(to(System.getenv(service) + "/" + how).PUT(BodyPublishers.noBody()).build());
  }

  private static HttpRequest.Builder to(String url) {
    return HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30));
  }

  private String send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IllegalStateException(response + " " + response.body());
    }
    return response.body();
  }

  private void say(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values).stripTrailing());
  }
}
