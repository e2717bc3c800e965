package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What clients were told of their writes, held to what is there in the end: everything acknowledged
 * is there once, nothing is there that was told not to be written, and only what nobody could tell
 * may be there or not.
 *
 * <p>Each user's {@code attributes.n} is a number that grows with each replacement. A user with one
 * whose outcome is open is not written any more, since that one may still come. Belongs to one
 * thread while writes go on.
 */
final class DrillLedger {

  /** A user whose replacements are counted. */
  static final class Counter {
    final long id;
    private int begun = 1;
    private int acknowledged = 1;
    private int applied = 1;
    private boolean open;

    Counter(long id) {
      this.id = id;
    }

    String nextBody() {
      return draft(id, ++begun).encode();
    }

    /** What a read that begins now must show, or more. */
    int atLeast() {
      return acknowledged;
    }
  }

  private final Deque<Counter> free = new ArrayDeque<>();
  private final List<Counter> counters = new ArrayList<>();
  private final Map<String, Long> created = new HashMap<>();
  private final Set<String> refused = new HashSet<>();
  private final Set<String> open = new HashSet<>();
  private final String namesBegin;
  private int names;
  private int acknowledgements;

  /**
   * @param namesBegin what the names of created users begin with, and no others
   */
  DrillLedger(String namesBegin) {
    this.namesBegin = namesBegin;
  }

  static JsonObject draft(long id, int n) {
    return new JsonObject()
        .put("name", "Counter " + id)
        .put("attributes", new JsonObject().put("n", n));
  }

  /** Users that were created with {@code attributes.n} 1. */
  void add(long id) {
    Counter counter = new Counter(id);
    counters.add(counter);
    free.add(counter);
  }

  Counter any(int choice) {
    return counters.get(Math.floorMod(choice, counters.size()));
  }

  /** A user that nobody else writes, until its outcome is told. */
  @Nullable Counter take() {
    return free.poll();
  }

  String newName() {
    return namesBegin + ++names;
  }

  void replaced(Counter counter) {
    counter.acknowledged = counter.begun;
    counter.applied++;
    acknowledgements++;
    free.add(counter);
  }

  void notReplaced(Counter counter) {
    free.add(counter);
  }

  void maybeReplaced(Counter counter) {
    counter.open = true;
  }

  void created(String name, long id) {
    acknowledgements++;
    assertThat(created.put(name, id)).isNull();
  }

  void notCreated(String name) {
    refused.add(name);
  }

  void maybeCreated(String name) {
    open.add(name);
  }

  String summary() {
    return String.format(
        Locale.ROOT,
        "%d writes acknowledged, %d not written, %d open",
        acknowledgements,
        refused.size(),
        open.size() + counters.stream().filter(counter -> counter.open).count());
  }

  /** Holds all nodes to it, once nothing is written any more. */
  void check(List<RollcallClient> nodes) {
    List<List<String>> feeds = nodes.stream().map(DrillLedger::feed).toList();
    for (List<String> feed : feeds) {
      assertThat(feed).as("the feed of each node").isEqualTo(feeds.get(0));
    }
    Map<Long, JsonNode> users = Map.copyOf(nodes.get(nodes.size() - 1).export().users());
    for (Counter counter : counters) {
      check(counter, user(users, counter.id));
    }
    Map<String, Integer> times = new HashMap<>();
    users.values().forEach(user -> times.merge(user.get("name").asText(), 1, Integer::sum));
    created.forEach(
        (name, id) -> {
          assertThat(times.get(name)).as("times that %s was created", name).isEqualTo(1);
          assertThat(user(users, id).get("name").asText()).isEqualTo(name);
        });
    refused.forEach(name -> assertThat(times).as("not written").doesNotContainKey(name));
    open.forEach(name -> assertThat(times.getOrDefault(name, 0)).isLessThan(2));
  }

  private static JsonNode user(Map<Long, JsonNode> users, long id) {
    JsonNode user = users.get(id);
    assertThat(user).as("user %d", id).isNotNull();
    return Objects.requireNonNull(user);
  }

  private static void check(Counter counter, JsonNode user) {
    int n = user.get("attributes").get("n").intValue();
    int version = user.get("version").intValue();
    if (counter.open) {
      assertThat(n).isIn(counter.acknowledged, counter.begun);
      assertThat(version).isEqualTo(n == counter.begun ? counter.applied + 1 : counter.applied);
    } else {
      assertThat(n).as("user %d", counter.id).isEqualTo(counter.acknowledged);
      assertThat(version).as("replacements of %d", counter.id).isEqualTo(counter.applied);
    }
  }

  /** The changes, each of which must come after the one before it. */
  private static List<String> feed(RollcallClient node) {
    List<String> feed = new ArrayList<>();
    long seq = 0;
    for (JsonNode change : node.changes(0)) {
      assertThat(change.get("seq").longValue()).isGreaterThan(seq);
      seq = change.get("seq").longValue();
      feed.add(
          String.format(Locale.ROOT, "%d %s v%s", seq, change.get("id"), change.get("version")));
    }
    return feed;
  }
}
