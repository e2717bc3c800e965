import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** What is asked of webhooks over HTTP. */
final class Webhook {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private Webhook() {}

  /** Declares a webhook that gets whole users, or declares it anew. */
  static void declare(Server server, String name, String url)
      throws IOException, InterruptedException {
    String spec = "{\"url\":\"" + url + "\",\"payload\":\"full\"}";
    ask(server, name, HttpRequest.newBuilder().PUT(BodyPublishers.ofString(spec)));
  }

  /** Deletes a webhook, and what it has not delivered with it. */
  static void delete(Server server, String name) throws IOException, InterruptedException {
    ask(server, name, HttpRequest.newBuilder().DELETE());
  }

  private static void ask(Server server, String name, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    String path = "/webhooks/" + name;
    HttpResponse<String> answer =
        CLIENT.send(
            request
                .uri(URI.create(server.url(path)))
                .header("Content-Type", "application/json")
                .build(),
            BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(path + " was answered " + answer.statusCode() + ": " + answer.body());
    }
  }
}
