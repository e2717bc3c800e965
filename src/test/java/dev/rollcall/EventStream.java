package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of the change feed's event stream; each is one connection. */
final class EventStream implements AutoCloseable {

  /** An event as it came. */
  record Event(long id, String kind, JsonNode data) {
    /** What is the same whenever the change is read; the user's content may be erased later. */
    String summary() {
      return id + " " + kind + " " + data.get("id") + " v" + data.get("version");
    }
  }

  /** The same of a change that was read as JSON. */
  static String summary(JsonNode change) {
    return new Event(change.get("seq").longValue(), change.get("kind").asText(), change).summary();
  }

  private final InputStream body;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile long newest;

  private EventStream(InputStream body) {
    this.body = body;
    Thread reader = new Thread(this::read, "event stream");
    reader.setDaemon(true);
    reader.start();
  }

  /** Follows the feed from a path's position, or from the last event seen where one is given. */
  static EventStream open(RollcallClient client, String path, long... lastEventId) {
    List<String> headers = new ArrayList<>(List.of("Accept", "text/event-stream"));
    for (long id : lastEventId) {
      headers.addAll(List.of("Last-Event-ID", Long.toString(id)));
    }
    HttpResponse<InputStream> answer =
        client.send(
            client.request("GET", path, BodyPublishers.noBody(), headers.toArray(String[]::new)),
            BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/event-stream");
    return new EventStream(answer.body());
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      long id = 0;
      String kind = "";
      String data = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          id = Long.parseLong(line.substring(4));
        } else if (line.startsWith("event: ")) {
          kind = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        } else if (line.isEmpty() && !data.isEmpty()) {
          events.add(new Event(id, kind, RollcallClient.json(data)));
          data = "";
          newest = id;
        }
      }
      ended.complete(null);
    } catch (IOException | RuntimeException e) {
      ended.completeExceptionally(e);
    }
  }

  /** The id of the event that came last. */
  long newest() {
    return newest;
  }

  /** The next events, waited for. */
  List<Event> take(int count) throws InterruptedException {
    List<Event> taken = new ArrayList<>();
    while (taken.size() < count) {
      Event event = events.poll(30, TimeUnit.SECONDS);
      assertThat(event).as("event %d of %d", taken.size() + 1, count).isNotNull();
      taken.add(event);
    }
    return taken;
  }

  /** What has come and was not taken. */
  List<Event> rest() {
    List<Event> rest = new ArrayList<>();
    events.drainTo(rest);
    return rest;
  }

  /** Completes when the server ends the stream as a whole answer; fails when it is cut. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  /** Hangs up. */
  @Override
  public void close() throws IOException {
    body.close();
  }
}
