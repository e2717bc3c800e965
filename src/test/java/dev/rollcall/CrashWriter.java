package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One client that writes to users of its own, one request at a time, and remembers what it was
 * told.
 *
 * <pre>
 * request → acknowledged: the user's state is known
 *         → no answer:    the state is the last one or the one asked for; {@link #settle} finds out
 * </pre>
 */
final class CrashWriter {

  private static final int OWN_IDS = 8;

  /** A user as it was acknowledged; {@code body} is null once it is deleted. */
  record Known(@Nullable JsonNode body, long seq) {
    static final Known NEVER_THERE = new Known(null, 0);
  }

  /**
   * A request.
   *
   * @param id whose; 0 for one that is to be assigned
   * @param wanted name, email, attributes and version that it leaves; null for a deletion
   * @param key its Idempotency-Key, if it has one
   */
  record Op(
      String method,
      long id,
      @Nullable String body,
      @Nullable ObjectNode wanted,
      int status,
      @Nullable String key,
      @Nullable String ifMatch) {

    String path() {
      boolean onAll = method.equals("POST");
      return onAll ? "/users" : "/users/" + id;
    }
  }

  /**
   * An acknowledged request with a key: repeated, it must be answered the same.
   *
   * @param erased whether its user was deleted since, and with that what it had left
   */
  private record Recorded(Op op, long id, @Nullable JsonNode body, long seq, boolean erased) {}

  private final int number;
  private final Random random;
  private final Map<Long, Known> users = new TreeMap<>();
  private final List<Long> ids = new ArrayList<>();
  private int writes;
  private @Nullable Op unknown;
  private @Nullable Recorded recorded;

  CrashWriter(int number, long seed) {
    this.number = number;
    this.random = new Random(seed + number);
    for (int i = 0; i < OWN_IDS; i++) {
      long id = 1_000_000 + 100L * number + i;
      ids.add(id);
      users.put(id, Known.NEVER_THERE);
    }
  }

  /**
   * Writes until an answer is missing, which must not be before the process is killed; counts what
   * is acknowledged.
   */
  CompletableFuture<Void> run(RollcallClient client, BooleanSupplier killed, Runnable count) {
    Op op = next();
    unknown = op;
    return send(client, op)
        .handle((answer, fault) -> answered(op, answer, fault, killed))
        .thenCompose(
            answered -> {
              if (!answered) {
                return CompletableFuture.completedFuture(null);
              }
              count.run();
              return run(client, killed, count);
            });
  }

  private boolean answered(
      Op op,
      @Nullable HttpResponse<String> answer,
      @Nullable Throwable fault,
      BooleanSupplier killed) {
    if (answer != null) {
      acknowledged(op, answer);
      return true;
    }
    assertThat(killed.getAsBoolean()).as("killed when %s brought %s", op, fault).isTrue();
    boolean neverSent =
        fault instanceof ConnectException
            || (fault != null && fault.getCause() instanceof ConnectException);
    if (neverSent) {
      unknown = null;
    }
    return false;
  }

  private static CompletableFuture<HttpResponse<String>> send(RollcallClient client, Op op) {
    List<String> headers = new ArrayList<>();
    if (op.key() != null) {
      headers.addAll(List.of("Idempotency-Key", op.key()));
    }
    if (op.ifMatch() != null) {
      headers.addAll(List.of("If-Match", op.ifMatch()));
    }
    return client.sendAsync(
        client.jsonRequest(op.method(), op.path(), op.body(), headers.toArray(String[]::new)));
  }

  private Op next() {
    writes++;
    String key = random.nextInt(10) < 4 ? uuid() : null;
    if (random.nextInt(10) == 0) {
      ObjectNode wanted = content(1);
      return new Op("POST", 0, draft(wanted).toString(), wanted, 201, key, null);
    }
    long id = ids.get(random.nextInt(ids.size()));
    Known known = users.getOrDefault(id, Known.NEVER_THERE);
    JsonNode present = known.body();
    if (present == null) {
      ObjectNode wanted = content(1);
      boolean post = random.nextBoolean();
      String body = (post ? draft(wanted).put("id", id) : draft(wanted)).toString();
      return new Op(post ? "POST" : "PUT", id, body, wanted, 201, key, null);
    }
    String ifMatch = random.nextInt(10) < 2 ? "\"" + known.seq() + "\"" : null;
    int dice = random.nextInt(10);
    if (dice < 2) {
      return new Op("DELETE", id, null, null, 204, key, ifMatch);
    }
    ObjectNode wanted = content(present.get("version").longValue() + 1);
    if (dice < 6) {
      return new Op("PUT", id, draft(wanted).toString(), wanted, 200, key, ifMatch);
    }
    // A patch of two members; the others stay as they were.
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.set("name", wanted.get("name"));
    patch.putObject("attributes").put("n", writes);
    wanted.set("email", present.get("email"));
    ObjectNode attributes = present.get("attributes").deepCopy();
    wanted.set("attributes", attributes.put("n", writes));
    return new Op("PATCH", id, patch.toString(), wanted, 200, key, ifMatch);
  }

  /** What no other write of any writer leaves. */
  private ObjectNode content(long version) {
    ObjectNode content = JsonNodeFactory.instance.objectNode();
    content.put("name", String.format(Locale.ROOT, "Writer %d, write %d", number, writes));
    if (random.nextInt(4) == 0) {
      content.putNull("email");
    } else {
      content.put("email", String.format(Locale.ROOT, "w%d.n%d@example.com", number, writes));
    }
    String padding = "x".repeat(random.nextInt(400));
    content.putObject("attributes").put("n", writes).put("padding", padding);
    return content.put("version", version);
  }

  private static ObjectNode draft(ObjectNode content) {
    ObjectNode draft = content.deepCopy();
    draft.remove("version");
    return draft;
  }

  private String uuid() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  private void acknowledged(Op op, HttpResponse<String> answer) {
    assertThat(answer.statusCode())
        .as("%s %s: %s", op.method(), op.path(), answer.body())
        .isEqualTo(op.status());
    unknown = null;
    if (op.wanted() == null) {
      // The answer to a deletion carries no seq; the one before it is a bound.
      remember(op, op.id(), new Known(null, known(op.id()).seq()));
    } else {
      JsonNode body = RollcallClient.json(answer);
      assertThat(leaves(op, body)).as("%s left %s", op, body).isTrue();
      long id = body.get("id").longValue();
      assertThat(op.id() == id || (op.id() == 0 && !users.containsKey(id)))
          .as("%s was given the id of %s", op, body)
          .isTrue();
      remember(op, id, new Known(body, RollcallClient.seq(answer)));
    }
  }

  private void remember(Op op, long id, Known known) {
    if (users.put(id, known) == null) {
      ids.add(id);
    }
    Recorded before = recorded;
    if (op.key() != null) {
      recorded = new Recorded(op, id, known.body(), known.seq(), false);
    } else if (known.body() == null && before != null && before.id() == id) {
      recorded = new Recorded(before.op(), id, before.body(), before.seq(), true);
    }
  }

  private Known known(long id) {
    return users.getOrDefault(id, Known.NEVER_THERE);
  }

  /** Whether a user is what a request was to leave; only its times are the server's to choose. */
  private static boolean leaves(Op op, JsonNode user) {
    ObjectNode wanted = op.wanted();
    return wanted != null
        && user.get("name").equals(wanted.get("name"))
        && user.get("email").equals(wanted.get("email"))
        && user.get("attributes").equals(wanted.get("attributes"))
        && user.get("version").longValue() == wanted.get("version").longValue();
  }

  boolean hasUnknown() {
    return unknown != null;
  }

  /** Every id that this writer knows of, those of deleted users included. */
  Iterable<Long> ids() {
    return users.keySet();
  }

  /**
   * Holds what is there after a crash to what was acknowledged, and learns what became of the
   * request that got no answer.
   */
  void settle(FeedReplay found) {
    Op open = unknown;
    if (open != null && open.id() == 0) {
      // Nobody but this request gives a user this name.
      found
          .users()
          .forEach(
              (id, row) -> {
                if (!users.containsKey(id) && leaves(open, row.user())) {
                  remember(open, id, new Known(row.user(), row.seq()));
                  unknown = null;
                }
              });
    }
    for (long id : List.copyOf(ids)) {
      FeedReplay.Row row = found.users().get(id);
      long deletedAt = found.deletedAt(id);
      if (isAsAcknowledged(id, row, deletedAt)) {
        continue;
      }
      if (open == null || open.id() != id || !wasDone(open, row, deletedAt)) {
        throw new AssertionError(
            String.format(
                Locale.ROOT,
                "user %d is %s, deleted at %d; acknowledged was %s, without an answer was %s",
                id,
                row,
                deletedAt,
                known(id),
                open));
      }
      remember(
          open, id, row == null ? new Known(null, deletedAt) : new Known(row.user(), row.seq()));
      unknown = null;
    }
  }

  private boolean isAsAcknowledged(long id, FeedReplay.@Nullable Row row, long deletedAt) {
    Known known = known(id);
    if (row == null) {
      return known.body() == null && deletedAt >= known.seq();
    }
    return row.user().equals(known.body()) && row.seq() == known.seq();
  }

  private boolean wasDone(Op open, FeedReplay.@Nullable Row row, long deletedAt) {
    long before = known(open.id()).seq();
    if (row == null) {
      return open.wanted() == null && deletedAt > before;
    }
    return leaves(open, row.user()) && row.seq() > before;
  }

  /**
   * Repeats the last acknowledged request that had a key, and the unanswered one where it had one:
   * what was done is not done again, and answered as it was.
   *
   * @return how many of them had not been done before and are done now
   */
  int repeat(RollcallClient client) {
    Recorded before = recorded;
    if (before != null) {
      HttpResponse<String> answer = send(client, before.op()).join();
      int status = before.erased() && before.body() != null ? 410 : before.op().status();
      assertThat(answer.statusCode()).as(before + ": " + answer.body()).isEqualTo(status);
      if (before.body() != null && !before.erased()) {
        assertThat(RollcallClient.json(answer)).isEqualTo(before.body());
        assertThat(RollcallClient.seq(answer)).isEqualTo(before.seq());
      }
    }
    Op open = unknown;
    unknown = null;
    if (open == null || open.key() == null) {
      return 0;
    }
    acknowledged(open, send(client, open).join());
    return 1;
  }
}
