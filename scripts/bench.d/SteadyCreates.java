import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Creates users at a constant rate, however long each takes. */
final class SteadyCreates {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Server server;
  private final String prefix;

  /**
   * Those of one run.
   *
   * @param prefix that of their addresses, which no other run with this server has
   */
  SteadyCreates(Server server, String prefix) {
    this.server = server;
    this.prefix = prefix;
  }

  /**
   * Creates so many a second, and waits for the last answer.
   *
   * @return how many that were
   * @throws IOException where one was not created
   */
  int run(int rate, int seconds) throws IOException, InterruptedException {
    List<CompletableFuture<HttpResponse<Void>>> answers = new ArrayList<>();
    long began = System.nanoTime();
    for (int i = 0; i < rate * seconds; i++) {
      long due = began + i * TimeUnit.SECONDS.toNanos(1) / rate;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      answers.add(CLIENT.sendAsync(create(i), BodyHandlers.discarding()));
    }
    for (CompletableFuture<HttpResponse<Void>> answer : answers) {
      int status = answer.join().statusCode();
      if (status != 201) {
        throw new IOException("a create was answered " + status);
      }
    }
    return answers.size();
  }

  private HttpRequest create(int number) {
    String user =
        String.format(
            Locale.ROOT,
            "{\"name\":\"User %d\",\"email\":\"%s-%d@example.org\",\"attributes\":{\"team\":\"blue\"}}",
            number,
            prefix,
            number);
    return HttpRequest.newBuilder(URI.create(server.url("/users")))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(user))
        .build();
  }
}
