package dev.rollcall.store.tables;

import static dev.rollcall.store.statements.Values.bytes;
import static dev.rollcall.store.statements.Values.integer;
import static dev.rollcall.store.statements.Values.number;
import static dev.rollcall.store.statements.Values.time;
import static dev.rollcall.store.statements.Values.uuid;

import dev.rollcall.access.KeyHash;
import dev.rollcall.access.sessions.EndedSession;
import dev.rollcall.access.sessions.SessionStore;
import dev.rollcall.access.sessions.SessionUpdates;
import dev.rollcall.access.sessions.SigningKey;
import dev.rollcall.access.sessions.StoredSession;
import dev.rollcall.access.sessions.StoredSession.Outcome;
import dev.rollcall.access.sessions.StoredSession.Refresh;
import dev.rollcall.access.sessions.StoredSession.Refreshed;
import dev.rollcall.store.Sql;
import dev.rollcall.store.statements.Statements;
import dev.rollcall.store.statements.TablePort;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The sessions in the tables of a store. Safe for use by all threads, as its port is.
 *
 * <p>Whatever writes takes the row of {@code session_numbers} first, as do writes of users that end
 * sessions: so all of it happens one after the other, on whatever node. The number there counts the
 * endings, so that nodes ask for those that they have not heard of.
 *
 * @param <E> what a statement fails with
 */
public record SessionTables<E extends Exception>(TablePort<E> port) implements SessionStore {
  /** Takes the number for endings that follow. */
  public static final String NEXT = "UPDATE session_numbers SET revision = revision + 1";

  private static final String HOLD = "UPDATE session_numbers SET revision = revision";

  /** An ended session stays until its last token has run out. */
  private static final String END =
      "UPDATE sessions SET ended = (SELECT revision FROM session_numbers),"
          + " expires_at = tokens_until WHERE ended IS NULL AND ";

  /** Ends all sessions of a user, under the number that {@link #NEXT} took. */
  private static final String END_OF_USER = END + "user_id = $1";

  /** The same for some users, in PostgreSQL. */
  public static final String END_OF_USERS = END + "user_id = ANY($1::bigint[])";

  private static final String SOME =
      "SELECT 1 FROM sessions WHERE user_id = $1 AND ended IS NULL LIMIT 1";

  private static final String UPDATES =
      "SELECT n.revision, s.id, s.tokens_until FROM session_numbers n"
          + " LEFT JOIN sessions s ON s.ended > $1";

  private static final String COLUMNS =
      "id, user_id, number, hash, created_at, refreshed_at, expires_at, tokens_until";

  private static final String INSERT =
      "INSERT INTO sessions ("
          + COLUMNS
          + ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING";

  private static final String FIND =
      "SELECT " + COLUMNS + " FROM sessions WHERE id = $1 AND ended IS NULL";

  private static final String UPDATE =
      "UPDATE sessions SET number = $1, hash = $2, refreshed_at = $3, expires_at = $4,"
          + " tokens_until = $5 WHERE id = $6";

  private static final String COUNT =
      "SELECT count(*) FROM sessions WHERE user_id = $1 AND ended IS NULL";

  private static final String END_OLDEST =
      END
          + "user_id = $1 AND id NOT IN (SELECT id FROM sessions WHERE user_id = $1 AND ended IS"
          + " NULL ORDER BY refreshed_at DESC, id LIMIT "
          + MOST
          + ")";

  private static final String PRUNE =
      "DELETE FROM sessions WHERE expires_at < $1 AND tokens_until < $2";

  /** Ends all sessions of a user, within a transaction that is the only one to write. */
  public static <E extends Exception> void endOf(Statements<E> statements, long user) throws E {
    if (!statements.rows(SOME, user).isEmpty()) {
      statements.update(NEXT);
      statements.update(END_OF_USER, user);
    }
  }

  @Override
  public Future<SessionUpdates> updates(long since) {
    return port.read(UPDATES, since)
        .compose(
            rows -> {
              long revision = number(rows.get(0)[0]);
              if (revision < since) {
                return updates(0); // The database was put back to an earlier state.
              }
              if (revision == since && since > 0) {
                return Future.succeededFuture(new SessionUpdates(since, List.of(), List.of()));
              }
              List<EndedSession> ended =
                  rows.stream()
                      .filter(row -> row[1] != null)
                      .map(row -> new EndedSession(uuid(row[1]), time(row[2])))
                      .toList();
              // Read later, so that there are no fewer than at this revision.
              return port.read(SigningKeyRows.ALL)
                  .map(
                      keys ->
                          new SessionUpdates(
                              revision, keys.stream().map(SigningKeyRows::key).toList(), ended));
            });
  }

  @Override
  public Future<Boolean> addSigningKey(SigningKey key, Duration lifetime) {
    return port.write(
        statements -> {
          statements.update(NEXT);
          return SigningKeyRows.add(statements, key, lifetime);
        });
  }

  @Override
  public Future<Boolean> start(StoredSession session, String passwordHash) {
    return port.write(statements -> start(statements, session, passwordHash));
  }

  private boolean start(Statements<E> statements, StoredSession session, String passwordHash)
      throws E {
    statements.update(HOLD);
    List<@Nullable Object[]> stored =
        statements.rows("SELECT hash FROM credentials WHERE id = $1", session.user());
    if (stored.isEmpty() || !passwordHash.equals(stored.get(0)[0])) {
      return false;
    }
    statements.update(
        INSERT,
        Sql.bytes(session.id()),
        session.user(),
        (long) session.number(),
        session.hash().bytes(),
        session.createdAt().toEpochMilli(),
        session.refreshedAt().toEpochMilli(),
        session.expiresAt().toEpochMilli(),
        session.tokensUntil().toEpochMilli());
    if (statements.number(COUNT, session.user()) > MOST) {
      statements.update(NEXT);
      statements.update(END_OLDEST, session.user());
    }
    return true;
  }

  @Override
  public Future<Refreshed> refresh(Refresh token) {
    return port.write(statements -> refresh(statements, token));
  }

  private Refreshed refresh(Statements<E> statements, Refresh token) throws E {
    statements.update(HOLD);
    byte[] id = Sql.bytes(token.session());
    List<@Nullable Object[]> found = statements.rows(FIND, (Object) id);
    if (found.isEmpty()) {
      return new Refreshed(Outcome.ENDED, null);
    }
    StoredSession before = session(found.get(0));
    Outcome outcome = before.on(token);
    StoredSession after =
        switch (outcome) {
          case NEXT -> before.refreshed(token);
          case AGAIN -> before.repeated(token);
          case USED_BEFORE, ENDED -> null;
        };
    if (after != null) {
      statements.update(
          UPDATE,
          (long) after.number(),
          after.hash().bytes(),
          after.refreshedAt().toEpochMilli(),
          after.expiresAt().toEpochMilli(),
          after.tokensUntil().toEpochMilli(),
          id);
    } else if (outcome == Outcome.USED_BEFORE) {
      statements.update(NEXT);
      statements.update(END + "id = $1", (Object) id);
    }
    return new Refreshed(outcome, after);
  }

  @Override
  public Future<Boolean> end(UUID session) {
    byte[] id = Sql.bytes(session);
    return port.write(
        statements -> {
          statements.update(NEXT);
          statements.update(END + "id = $1", (Object) id);
          return !statements.rows("SELECT 1 FROM sessions WHERE id = $1", (Object) id).isEmpty();
        });
  }

  @Override
  public Future<Void> prune(Instant now) {
    long at = now.toEpochMilli();
    return port.write(
            statements -> {
              SigningKeyRows.prune(statements, at);
              return statements.update(PRUNE, at, at);
            })
        .mapEmpty();
  }

  private static StoredSession session(@Nullable Object[] row) {
    return new StoredSession(
        uuid(row[0]),
        number(row[1]),
        integer(row[2]),
        KeyHash.read(bytes(row[3])),
        time(row[4]),
        time(row[5]),
        time(row[6]),
        time(row[7]));
  }
}
