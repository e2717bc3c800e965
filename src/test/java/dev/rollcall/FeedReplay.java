package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The users as the change feed tells them, with every change held to the one before it.
 *
 * <p>It wants the whole feed from its beginning, read while nothing is written.
 */
final class FeedReplay {

  /** A user after its last change. */
  record Row(long seq, long version, JsonNode user) {}

  private final SortedMap<Long, Row> users = new TreeMap<>();
  private final Map<Long, Long> deleted = new HashMap<>();

  /** Ids of which the feed has shown content; a deletion must have erased it. */
  private final Set<Long> shown = new HashSet<>();

  private long seq;
  private int changes;

  static FeedReplay of(Iterable<JsonNode> feed) {
    FeedReplay replay = new FeedReplay();
    feed.forEach(replay::apply);
    replay.users.forEach(
        (id, row) -> assertThat(row.user().isObject()).as("content of " + id).isTrue());
    return replay;
  }

  private void apply(JsonNode change) {
    long at = change.get("seq").longValue();
    assertThat(at).as("seqs ascend").isGreaterThan(seq);
    seq = at;
    changes++;
    long id = change.get("id").longValue();
    long version = change.get("version").longValue();
    JsonNode user = change.get("user");
    if (user.isObject()) {
      shown.add(id);
      assertThat(user.get("id").longValue()).as("id within change " + at).isEqualTo(id);
      assertThat(user.get("version").longValue()).as("version in " + at).isEqualTo(version);
    }
    String kind = change.get("kind").textValue();
    switch (kind) {
      case "created" -> {
        assertThat(users).as("users before %d is created", id).doesNotContainKey(id);
        assertThat(version).as("version of a new user").isEqualTo(1);
        users.put(id, new Row(at, version, user));
      }
      case "updated" -> {
        assertThat(version).as("version after %d", at).isEqualTo(before(id).version() + 1);
        users.put(id, new Row(at, version, user));
      }
      case "deleted" -> {
        assertThat(version).as("version that %d removes", at).isEqualTo(before(id).version());
        assertThat(user.isNull()).as("user of a deletion").isTrue();
        assertThat(shown.contains(id)).as("content of %d is erased with it", id).isFalse();
        users.remove(id);
        deleted.put(id, at);
      }
      default -> throw new AssertionError("unknown kind of change " + kind);
    }
  }

  private Row before(long id) {
    Row before = users.get(id);
    if (before == null) {
      throw new AssertionError("user " + id + " is changed without being there");
    }
    return before;
  }

  /** Users and feed agree row by row. */
  void assertGives(SortedMap<Long, JsonNode> export) {
    Set<Long> feedOnly = new TreeSet<>(users.keySet());
    feedOnly.removeAll(export.keySet());
    assertThat(feedOnly).as("users of the feed that the export lacks").isEmpty();
    Set<Long> exportOnly = new TreeSet<>(export.keySet());
    exportOnly.removeAll(users.keySet());
    assertThat(exportOnly).as("users of the export that the feed lacks").isEmpty();
    users.forEach((id, row) -> assertThat(row.user()).as("user " + id).isEqualTo(export.get(id)));
  }

  /** The users that there are, by id. */
  SortedMap<Long, Row> users() {
    return users;
  }

  /** When an id was deleted last; 0 for never. */
  long deletedAt(long id) {
    return deleted.getOrDefault(id, 0L);
  }

  /** The newest seq. */
  long seq() {
    return seq;
  }

  int changes() {
    return changes;
  }
}
