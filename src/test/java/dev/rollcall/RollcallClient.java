package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Calls one Rollcall over HTTP, as any program would. */
final class RollcallClient {

  static final String NDJSON = "application/x-ndjson";

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final int PAGE = 1000;

  /** An export, and the position that it names. */
  record Export(long changesAfter, SortedMap<Long, JsonNode> users) {}

  private final URI base;

  RollcallClient(URI base) {
    this.base = base;
  }

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  static JsonNode json(HttpResponse<String> answer) {
    return json(answer.body());
  }

  /** The seq that an answer's ETag carries. */
  static long seq(HttpResponse<?> answer) {
    String tag = answer.headers().firstValue("ETag").orElseThrow();
    return Long.parseLong(tag.substring(1, tag.length() - 1));
  }

  URI base() {
    return base;
  }

  /** Sends a request without a body; headers alternate between names and values. */
  HttpResponse<String> send(String method, String path, String... headers) {
    return send(request(method, path, BodyPublishers.noBody(), headers), BodyHandlers.ofString());
  }

  /** Sends a request with a JSON body. */
  HttpResponse<String> sendJson(String method, String path, String body, String... headers) {
    return send(jsonRequest(method, path, body, headers), BodyHandlers.ofString());
  }

  /** Imports lines and gives the report; the import must succeed. */
  JsonNode importLines(List<String> lines) {
    BodyPublisher body = BodyPublishers.ofString(String.join("\n", lines));
    HttpRequest request = request("POST", "/users/import", body, "Content-Type", NDJSON);
    HttpResponse<String> answer = send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json(answer);
  }

  CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest request) {
    return HTTP.sendAsync(request, BodyHandlers.ofString());
  }

  <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
    try {
      return HTTP.send(request, handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  HttpRequest jsonRequest(String method, String path, @Nullable String body, String... headers) {
    if (body == null) {
      return request(method, path, BodyPublishers.noBody(), headers);
    }
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("Content-Type", "application/json"));
    return request(method, path, BodyPublishers.ofString(body), all.toArray(String[]::new));
  }

  HttpRequest request(String method, String path, BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(60));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.method(method, body).build();
  }

  /** All users, by id. */
  Export export() {
    HttpResponse<String> answer = send("GET", "/users/export");
    assertThat(answer.statusCode()).isEqualTo(200);
    SortedMap<Long, JsonNode> users = new TreeMap<>();
    answer.body().lines().map(RollcallClient::json).forEach(user -> add(user, users));
    long position = answer.headers().firstValueAsLong("Rollcall-Changes-After").orElseThrow();
    return new Export(position, users);
  }

  private static void add(JsonNode user, SortedMap<Long, JsonNode> users) {
    long id = user.get("id").longValue();
    assertThat(users.isEmpty() || users.lastKey() < id).as("ids ascend at " + id).isTrue();
    users.put(id, user);
  }

  /** All changes after a seq. */
  List<JsonNode> changes(long after) {
    List<JsonNode> changes = new ArrayList<>();
    long next = after;
    while (true) {
      HttpResponse<String> answer = send("GET", "/users/changes?limit=" + PAGE + "&after=" + next);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      JsonNode page = json(answer);
      page.get("items").forEach(changes::add);
      next = page.get("next").longValue();
      if (page.get("items").isEmpty()) {
        return changes;
      }
    }
  }
}
