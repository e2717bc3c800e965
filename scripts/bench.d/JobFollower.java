import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Iterator;
import java.util.Locale;
import java.util.stream.Stream;

/** Starts a job for all users, and follows its events to the last one. */
final class JobFollower {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DATA = "data: ";

  /**
   * What was seen.
   *
   * @param seconds from the request to the last event
   * @param longest seconds between two events
   */
  record Outcome(int done, int failed, double seconds, double longest) {}

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Outcome run(Server server, String view, int inFlight) throws IOException, InterruptedException {
    String body =
        String.format(
            Locale.ROOT, "{\"view\":\"%s\",\"all\":true,\"concurrency\":%d}", view, inFlight);
    HttpRequest start =
        HttpRequest.newBuilder(URI.create(server.url("/jobs")))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    long began = System.nanoTime();
    HttpResponse<String> started = client.send(start, BodyHandlers.ofString());
    if (started.statusCode() != 202) {
      throw new IOException("a job could not be started: " + started.body());
    }
    String place = started.headers().firstValue("Location").orElseThrow();
    HttpRequest follow = HttpRequest.newBuilder(URI.create(server.url(place + "/events"))).build();
    try (Stream<String> lines = client.send(follow, BodyHandlers.ofLines()).body()) {
      return follow(lines.filter(line -> line.startsWith(DATA)).iterator(), began);
    }
  }

  private static Outcome follow(Iterator<String> events, long began) throws IOException {
    JsonNode progress = JSON.nullNode();
    long last = began;
    long longest = 0;
    while (events.hasNext()) {
      progress = JSON.readTree(events.next().substring(DATA.length()));
      long now = System.nanoTime();
      longest = Math.max(longest, now - last);
      last = now;
    }
    if (!progress.path("state").asText().equals("succeeded")) {
      throw new IOException("a job ended so: " + progress);
    }
    return new Outcome(
        progress.get("done").intValue(),
        progress.get("failed").intValue(),
        (last - began) / 1e9,
        longest / 1e9);
  }
}
