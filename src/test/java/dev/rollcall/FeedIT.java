package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.EventStream.Event;
import dev.rollcall.RollcallClient.Export;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Users and their change feed through one running jar. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FeedIT {
  private static final List<String> PEOPLE =
      List.of(
          "{\"id\":1,\"name\":\"Ada Lovelace\",\"email\":\"Ada@example.com\","
              + "\"attributes\":{\"born\":1815,\"work\":{\"on\":[\"Note G\",null,1.5e3]}}}",
          "{\"id\":2,\"name\":\"Adam Smith\",\"email\":\"adam@example.com\"}",
          "{\"id\":3,\"name\":\"Élodie Durand\",\"email\":\"elodie@example.fr\"}",
          "{\"id\":4,\"name\":\"Олег Петров\",\"email\":\"oleg@example.ru\"}",
          "{\"id\":5,\"name\":\"山田 太郎\",\"email\":\"taro@example.jp\"}",
          "{\"id\":6,\"name\":\"José \\\"Pepe\\\" O'Neill-Šarić\"}",
          "{\"id\":7,\"name\":\"\\uD83D\\uDE80 Rocket\",\"attributes\":{}}",
          "{\"id\":8,\"name\":\"adaeze Obi\",\"email\":null}",
          "{\"id\":9007199254740991,\"name\":\"The Last\",\"email\":\"last@example.com\"}",
          "{\"name\":\"Without an Id\",\"email\":\"assigned@example.com\"}");

  private Path folder;
  private RollcallProcess running;
  private RollcallClient client;

  @BeforeAll
  void start(@TempDir Path folder) {
    this.folder = folder;
    running = RollcallProcess.in(folder).start();
    client = running.client();
  }

  @AfterAll
  void end() {
    running.close();
  }

  @BeforeEach
  void beginWithoutUsers() {
    client.export().users().keySet().forEach(id -> client.send("DELETE", "/users/" + id));
  }

  private long position() {
    return client.export().changesAfter();
  }

  private JsonNode get(String path) {
    HttpResponse<String> answer = client.send("GET", path);
    assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(200);
    return RollcallClient.json(answer);
  }

  private static List<Long> ids(JsonNode page) {
    List<Long> ids = new ArrayList<>();
    page.get("items").forEach(user -> ids.add(user.get("id").longValue()));
    return ids;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  void usersAreImportedReadPagedSearchedPatchedAndDeleted() throws Exception {
    long before = position();
    try (EventStream events = EventStream.open(client, "/users/changes?after=" + before)) {
      JsonNode report = client.importLines(PEOPLE);
      assertThat(report.get("created").intValue()).as(report.toString()).isEqualTo(PEOPLE.size());
      assertThatEachReadsAsItWasGiven();
      assertThat(client.importLines(PEOPLE.subList(0, 9)).get("unchanged").intValue()).isEqualTo(9);
      assertThatPagesAreWhole();
      assertThatSearchesFind();

      String patch = "{\"email\":null,\"attributes\":{\"born\":null,\"died\":1852}}";
      HttpResponse<String> patched = client.sendJson("PATCH", "/users/1", patch);
      assertThat(patched.statusCode()).isEqualTo(200);
      JsonNode ada = RollcallClient.json(patched);
      assertThat(ada.get("email").isNull()).isTrue();
      assertThat(ada.get("attributes").toString())
          .isEqualTo("{\"work\":{\"on\":[\"Note G\",null,1500.0]},\"died\":1852}");
      assertThat(ids(get("/users?email=ada@example.com"))).isEmpty();
      assertThat(client.send("DELETE", "/users/2").statusCode()).isEqualTo(204);
      assertThat(client.send("GET", "/users/2").body()).contains("User not found");
      assertThat(ids(get("/users?name=ada"))).containsExactly(1L, 8L);

      List<Event> seen = events.take(PEOPLE.size() + 2);
      assertThat(seen.subList(0, PEOPLE.size())).allMatch(event -> event.kind().equals("created"));
      assertThat(seen.get(PEOPLE.size()).data().get("user")).isEqualTo(ada);
      assertThat(seen.get(PEOPLE.size() + 1).kind()).isEqualTo("deleted");
      assertThat(seen).extracting(Event::summary).isEqualTo(summaries(before));
    }
  }

  private void assertThatEachReadsAsItWasGiven() {
    for (String line : PEOPLE.subList(0, 9)) {
      JsonNode given = RollcallClient.json(line);
      JsonNode user = get("/users/" + given.get("id"));
      assertThat(user.get("name")).isEqualTo(given.get("name"));
      assertThat(user.get("email"))
          .isEqualTo(
              given.path("email").isTextual() ? given.get("email") : RollcallClient.json("null"));
      assertThat(user.get("version").longValue()).isEqualTo(1);
      assertThat(user.size()).isEqualTo(7);
    }
  }

  private void assertThatPagesAreWhole() {
    List<Long> all = List.copyOf(client.export().users().keySet());
    assertThat(all).hasSize(PEOPLE.size());
    List<Long> paged = new ArrayList<>();
    String path = "/users?limit=3";
    while (path != null) {
      HttpResponse<String> answer = client.send("GET", path);
      JsonNode page = RollcallClient.json(answer);
      paged.addAll(ids(page));
      String cursor = page.get("next").textValue();
      path = cursor == null ? null : "/users?limit=3&after=" + cursor;
      assertThat(answer.headers().firstValue("Link").isPresent()).isEqualTo(cursor != null);
    }
    assertThat(paged).isEqualTo(all);
  }

  private void assertThatSearchesFind() {
    assertThat(ids(get("/users?email=aDA@EXAMPLE.com"))).containsExactly(1L);
    assertThat(ids(get("/users?name=ADA"))).containsExactly(1L, 2L, 8L);
    assertThat(ids(get("/users?name=" + encoded("олег п")))).containsExactly(4L);
    assertThat(ids(get("/users?name=" + encoded("山田")))).containsExactly(5L);
    assertThat(ids(get("/users?name=ada&email=adam@example.com"))).containsExactly(2L);
    assertThat(ids(get("/users?id=7&id=3&id=999"))).containsExactly(3L, 7L);
  }

  private List<String> summaries(long after) {
    return client.changes(after).stream()
        .map(
            change ->
                new Event(change.get("seq").longValue(), change.get("kind").textValue(), change)
                    .summary())
        .toList();
  }

  /** Some clients, each changing users of its own, one write after the other. */
  private CompletableFuture<Void> writes(int writers, int each) {
    return CompletableFuture.allOf(
        Stream.iterate(0, n -> n + 1)
            .limit(writers)
            .map(writer -> write(writer, each))
            .toArray(CompletableFuture<?>[]::new));
  }

  private CompletableFuture<Void> write(int writer, int left) {
    if (left == 0) {
      return CompletableFuture.completedFuture(null);
    }
    String user = "/users/" + (100 + writer * 10 + left % 5);
    String body =
        String.format(
            Locale.ROOT, "{\"name\":\"Writer %d\",\"attributes\":{\"left\":%d}}", writer, left);
    return client
        .sendAsync(
            left % 9 == 0
                ? client.jsonRequest("DELETE", user, null)
                : client.jsonRequest("PUT", user, body))
        .thenCompose(
            answer -> {
              assertThat(answer.statusCode()).isIn(200, 201, 204, 404);
              return write(writer, left - 1);
            });
  }

  @Test
  void aFollowerThatReconnectsSeesEveryEventOnceAndInOrder() throws Exception {
    long before = position();
    Random random = new Random(4);
    CompletableFuture<Void> writes = writes(4, 150);
    List<Event> seen = new ArrayList<>();
    long last = before;
    for (int connection = 0; connection < 6; connection++) {
      // The header wins over the address, which stays as it was at the first connection.
      try (EventStream events = EventStream.open(client, "/users/changes?after=" + before, last)) {
        seen.addAll(events.take(1 + random.nextInt(80)));
        last = seen.get(seen.size() - 1).id();
      }
    }
    writes.get();
    List<String> feed = summaries(before);
    try (EventStream events = EventStream.open(client, "/users/changes", last)) {
      seen.addAll(events.take(feed.size() - seen.size()));
      assertThat(events.rest()).isEmpty();
    }
    assertThat(seen).extracting(Event::summary).isEqualTo(feed);
  }

  @Test
  void anExportTakenWhileUsersChangeAndTheLaterChangesGiveThePresentState() throws Exception {
    CompletableFuture<Void> writes = writes(4, 150);
    Export early = client.export();
    writes.get();
    Map<Long, JsonNode> followed = new TreeMap<>(early.users());
    for (JsonNode change : client.changes(early.changesAfter())) {
      long id = change.get("id").longValue();
      if (change.get("kind").textValue().equals("deleted")) {
        followed.remove(id);
      } else {
        followed.put(id, change.get("user"));
      }
    }
    assertThat(followed).isEqualTo(client.export().users());
  }

  @Test
  void aFollowerGoesOnAfterARestart() throws Exception {
    long before = position();
    writes(2, 20).get();
    int written = summaries(before).size();
    List<Event> seen = new ArrayList<>();
    try (EventStream events = EventStream.open(client, "/users/changes?after=" + before)) {
      seen.addAll(events.take(written));
      running.terminate();
      assertThat(events.ended()).succeedsWithin(Duration.ofSeconds(10));
      assertThat(events.rest()).isEmpty();
    }
    assertThat(running.awaitExit()).isZero();
    running = RollcallProcess.in(folder).start();
    client = running.client();
    writes(2, 20).get();
    List<String> feed = summaries(before);
    try (EventStream events =
        EventStream.open(client, "/users/changes", seen.get(seen.size() - 1).id())) {
      seen.addAll(events.take(feed.size() - seen.size()));
    }
    assertThat(seen).extracting(Event::summary).isEqualTo(feed);
  }
}
