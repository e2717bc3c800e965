package dev.rollcall.store.tables;

import static dev.rollcall.store.statements.Values.bytes;
import static dev.rollcall.store.statements.Values.number;
import static dev.rollcall.store.statements.Values.text;
import static dev.rollcall.store.statements.Values.time;
import static dev.rollcall.store.statements.Values.timeOrNull;

import dev.rollcall.access.sessions.SigningKey;
import dev.rollcall.store.statements.Statements;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The keys that sign tokens of sessions, within a transaction. */
final class SigningKeyRows {
  static final String ALL =
      "SELECT id, name, public_key, private_key, created_at, used_from, until FROM signing_keys"
          + " ORDER BY id";

  /** What clocks of nodes may differ by, and a token is on its way. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  private static final String NEWEST = "SELECT coalesce(max(id), 0) FROM signing_keys";

  private static final String LAST_TOKEN = "SELECT coalesce(max(tokens_until), 0) FROM sessions";

  private static final String END = "UPDATE signing_keys SET until = $1 WHERE until IS NULL";

  private static final String INSERT =
      "INSERT INTO signing_keys VALUES ($1, $2, $3, $4, $5, $6, NULL)";

  private static final String PRUNE = "DELETE FROM signing_keys WHERE until < $1";

  private SigningKeyRows() {}

  /** Adds a key unless there is another newest one; whether it did. */
  static <E extends Exception> boolean add(
      Statements<E> statements, SigningKey key, Duration lifetime) throws E {
    if (statements.number(NEWEST) != key.id() - 1) {
      return false;
    }
    long lastToken = statements.number(LAST_TOKEN);
    long until = key.usedFrom().plus(lifetime).toEpochMilli();
    statements.update(END, Math.max(lastToken, until) + MARGIN.toMillis());
    statements.update(
        INSERT,
        key.id(),
        key.name(),
        key.publicKey(),
        key.privateKey(),
        key.createdAt().toEpochMilli(),
        key.usedFrom().toEpochMilli());
    return true;
  }

  /** Removes those that nobody needs any more. */
  static <E extends Exception> void prune(Statements<E> statements, long now) throws E {
    statements.update(PRUNE, now);
  }

  static SigningKey key(@Nullable Object[] row) {
    return new SigningKey(
        number(row[0]),
        text(row[1]),
        bytes(row[2]),
        bytes(row[3]),
        time(row[4]),
        time(row[5]),
        timeOrNull(row[6]));
  }
}
