package dev.rollcall.store.webhooks;

import static dev.rollcall.store.statements.Values.millis;

import dev.rollcall.followers.webhooks.ParkedUser;
import dev.rollcall.followers.webhooks.WebhookProgress;
import dev.rollcall.store.statements.Statements;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What deliveries record, within a transaction. */
final class ProgressRows {
  /** How many users one statement is about. */
  private static final int SOME = 100;

  /** So many rows of attempts a webhook has; each holds those of one recording. */
  private static final long ATTEMPT_ROWS = 100;

  private static final String PROGRESS =
      "UPDATE webhooks SET position = $1, lost = $2, failing_since = $3, last_error = $4"
          + " WHERE id = $5 AND epoch = $6";

  private static final String PAUSE =
      "UPDATE webhooks SET paused = $1, revision = $2 WHERE id = $3 AND paused IS NULL";

  private static final String NOTE =
      "INSERT INTO webhook_attempts SELECT CAST($1 AS bigint), coalesce(max(n), 0) + 1,"
          + " CAST($2 AS text) FROM webhook_attempts WHERE webhook = $1";

  private static final String FORGET =
      "DELETE FROM webhook_attempts WHERE webhook = $1 AND n <= (SELECT max(n) - "
          + ATTEMPT_ROWS
          + " FROM webhook_attempts WHERE webhook = $1)";

  private ProgressRows() {}

  /** The ids of those whose claim still holds. */
  static <E extends Exception> Set<Long> record(
      Statements<E> statements, List<WebhookProgress> progress) throws E {
    Set<Long> held = new HashSet<>();
    for (WebhookProgress each : progress) {
      if (record(statements, each)) {
        held.add(each.id());
      }
    }
    return held;
  }

  private static <E extends Exception> boolean record(
      Statements<E> statements, WebhookProgress progress) throws E {
    int rows =
        statements.update(
            PROGRESS,
            progress.position(),
            progress.lost(),
            millis(progress.failingSince()),
            progress.lastError(),
            progress.id(),
            progress.epoch());
    if (rows == 0) {
      return false;
    }
    if (progress.pausedWhy() != null) {
      statements.update(PAUSE, progress.pausedWhy(), WebhookRows.random(), progress.id());
    }
    for (int from = 0; from < progress.parked().size(); from += SOME) {
      int to = Math.min(progress.parked().size(), from + SOME);
      park(statements, progress.id(), progress.parked().subList(from, to));
    }
    for (int from = 0; from < progress.unparked().size(); from += SOME) {
      int to = Math.min(progress.unparked().size(), from + SOME);
      unpark(statements, progress.id(), progress.unparked().subList(from, to));
    }
    if (!progress.attempts().isEmpty()) {
      note(statements, progress.id(), String.join("\n", progress.attempts()));
    }
    return true;
  }

  private static <E extends Exception> void park(
      Statements<E> statements, long id, List<ParkedUser> users) throws E {
    List<@Nullable Object> values = new ArrayList<>(6 * users.size());
    for (ParkedUser user : users) {
      values.add(WebhookRows.random());
      values.add(id);
      values.add(user.user());
      values.add(user.seq());
      values.add((long) user.attempts());
      values.add(user.due().toEpochMilli());
    }
    String rows =
        IntStream.range(0, users.size())
            .mapToObj(i -> "(" + places(6 * i, 6) + ")")
            .collect(Collectors.joining(", "));
    statements.update(
        "INSERT INTO webhook_parked (id, webhook, user_id, seq, attempts, due) VALUES "
            + rows
            + " ON CONFLICT (webhook, user_id) DO UPDATE SET seq = excluded.seq,"
            + " attempts = excluded.attempts, due = excluded.due",
        values.toArray());
  }

  /**
   * Each row is found by both columns of the unique index. For {@code webhook = $1 AND user_id IN
   * (...)} PostgreSQL reads all rows of the webhook, up to 10,000, once for each statement.
   */
  private static <E extends Exception> void unpark(
      Statements<E> statements, long id, List<Long> users) throws E {
    List<@Nullable Object> values = new ArrayList<>(users.size() + 1);
    values.add(id);
    values.addAll(users);
    String rows =
        IntStream.range(0, users.size())
            .mapToObj(i -> "(CAST($1 AS bigint), CAST($" + (i + 2) + " AS bigint))")
            .collect(Collectors.joining(", "));
    statements.update(
        "WITH gone (webhook, user_id) AS (VALUES "
            + rows
            + ") DELETE FROM webhook_parked"
            + " WHERE (webhook, user_id) IN (SELECT webhook, user_id FROM gone)",
        values.toArray());
  }

  private static String places(int after, int count) {
    return IntStream.rangeClosed(after + 1, after + count)
        .mapToObj(i -> "$" + i)
        .collect(Collectors.joining(", "));
  }

  /** Adds attempts, each a line, and forgets the oldest. */
  static <E extends Exception> void note(Statements<E> statements, long id, String lines) throws E {
    statements.update(NOTE, id, lines);
    statements.update(FORGET, id);
  }
}
