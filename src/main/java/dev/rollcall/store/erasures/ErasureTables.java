package dev.rollcall.store.erasures;

import static dev.rollcall.store.erasures.ErasureRows.NUMBERS;
import static dev.rollcall.store.statements.Values.number;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.followers.erasures.Erasure;
import dev.rollcall.followers.erasures.ErasureStore;
import dev.rollcall.store.statements.Statements;
import dev.rollcall.store.statements.TablePort;
import dev.rollcall.users.Change;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The erasures in the tables of a store. Safe for use by all threads, as its port is.
 *
 * @param <E> what a statement fails with
 */
public record ErasureTables<E extends Exception>(TablePort<E> port) implements ErasureStore {
  /** How many targets one statement adds. */
  private static final int SOME = 100;

  /** The first numbers of webhooks and of followers among targets; sources have those from 0. */
  private static final long WEBHOOKS_FROM = 3000;

  private static final long FOLLOWERS_FROM = 6000;

  /** The users whose erasure runs, and which one that is. */
  public static final String RUNNING = "SELECT user_id, id FROM erasures WHERE ended_at IS NULL";

  private static final String BY_ID = ErasureRows.SELECT + " WHERE id = $1";

  private static final String OF_USER =
      ErasureRows.SELECT + " WHERE user_id = $1 AND ended_at IS NULL";

  private static final String COUNT = "SELECT count(*) FROM erasures WHERE ended_at IS NULL";

  /**
   * Once the feed was pruned, nothing says any more whether an id below the next one was a user's.
   */
  private static final String KNOWN =
      "SELECT CAST(count(*) AS bigint) FROM counters WHERE"
          + " EXISTS (SELECT 1 FROM users WHERE id = $1)"
          + " OR EXISTS (SELECT 1 FROM changes WHERE id = $1)"
          + " OR EXISTS (SELECT 1 FROM retired_ids WHERE id = $1)"
          + " OR EXISTS (SELECT 1 FROM erasures WHERE user_id = $1)"
          + " OR (pruned_seq > 0 AND next_id > $1)";

  private static final String INSERT =
      "INSERT INTO erasures (id, user_id, requested_at, made_by, seq, ended_at) VALUES ($1, $2, $3,"
          + " $4, NULL, NULL)";

  private static final String TARGET_COLUMNS =
      "INSERT INTO erasure_targets (id, erasure, kind, name, subject, lost, state, at, attempts,"
          + " detail, due) ";

  private static final String ADD_WEBHOOKS =
      TARGET_COLUMNS
          + "SELECT CAST($1 AS bigint) + row_number() OVER (ORDER BY name), CAST($2 AS bigint),"
          + " 'webhook', name, id, lost, 'pending', NULL, 0, NULL, 0 FROM webhooks";

  private static final String ADD_FOLLOWERS =
      TARGET_COLUMNS
          + "SELECT CAST($1 AS bigint) + row_number() OVER (ORDER BY name), CAST($2 AS bigint),"
          + " 'follower', name, id, 0, 'pending', NULL, 0, NULL, 0 FROM kept_cursors";

  private static final String DELETED =
      "UPDATE erasures SET seq = coalesce((SELECT max(c.seq) FROM changes c WHERE c.id ="
          + " erasures.user_id AND c.kind = "
          + Change.Kind.DELETED.code()
          + "), (SELECT pruned_seq FROM counters)) WHERE id = $1 AND seq IS NULL AND NOT EXISTS"
          + " (SELECT 1 FROM users WHERE users.id = erasures.user_id)";

  @Override
  public Future<Erasure> request(
      long user, List<String> sources, @Nullable String by, Instant now) {
    return port.writeInTurn(
        statements -> {
          List<@Nullable Object[]> there = statements.rows(OF_USER, user);
          long id =
              there.isEmpty() ? add(statements, user, sources, by, now) : number(there.get(0)[0]);
          return find(statements, id);
        });
  }

  private Erasure find(Statements<E> statements, long id) throws E {
    return ErasureRows.erasure(
        statements.rows(BY_ID, id).get(0), statements.rows(ErasureRows.TARGETS, id));
  }

  private long add(
      Statements<E> statements, long user, List<String> sources, @Nullable String by, Instant now)
      throws E {
    if (statements.number(KNOWN, user) == 0) {
      throw Failure.of(Kind.NOT_FOUND, "there never was a user with this id");
    }
    if (statements.number(COUNT) >= MOST_RUNNING) {
      throw Failure.of(Kind.UNAVAILABLE, "not written: " + MOST_RUNNING + " erasures run already");
    }
    long id = 1 + statements.number("SELECT coalesce(max(id), 0) FROM erasures");
    statements.update(INSERT, id, user, now.toEpochMilli(), by);
    for (int from = 0; from < sources.size(); from += SOME) {
      List<String> some = sources.subList(from, Math.min(sources.size(), from + SOME));
      addSources(statements, id, from, some);
    }
    statements.update(ADD_WEBHOOKS, id * NUMBERS + WEBHOOKS_FROM, id);
    statements.update(ADD_FOLLOWERS, id * NUMBERS + FOLLOWERS_FROM, id);
    return id;
  }

  private void addSources(Statements<E> statements, long id, int from, List<String> names)
      throws E {
    String rows =
        IntStream.range(0, names.size())
            .map(i -> 3 * i + 1)
            .mapToObj(
                at ->
                    "($"
                        + at
                        + ", $"
                        + (at + 1)
                        + ", 'source', $"
                        + (at + 2)
                        + ", NULL, 0, 'pending', NULL, 0, NULL, 0)")
            .collect(Collectors.joining(", "));
    List<@Nullable Object> values = new ArrayList<>(3 * names.size());
    for (int i = 0; i < names.size(); i++) {
      values.add(id * NUMBERS + from + i);
      values.add(id);
      values.add(names.get(i));
    }
    statements.update(TARGET_COLUMNS + "VALUES " + rows, values.toArray());
  }

  @Override
  public Future<Optional<Erasure>> find(long id) {
    return port.read(BY_ID, id)
        .compose(
            rows ->
                rows.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : port.read(ErasureRows.TARGETS, id)
                        .map(targets -> Optional.of(ErasureRows.erasure(rows.get(0), targets))));
  }

  @Override
  public Future<Void> deleted(long id) {
    return port.writeInTurn(statements -> statements.update(DELETED, id)).mapEmpty();
  }
}
