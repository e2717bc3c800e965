package dev.rollcall.store.tables;

import static dev.rollcall.store.statements.Values.number;
import static dev.rollcall.store.statements.Values.text;
import static dev.rollcall.store.statements.Values.time;
import static dev.rollcall.store.statements.Values.timeOrNull;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.followers.cursors.CursorStore;
import dev.rollcall.followers.cursors.CursorStore.PutCursor;
import dev.rollcall.followers.cursors.CursorStore.WantedCursor;
import dev.rollcall.followers.cursors.KeptCursor;
import dev.rollcall.store.statements.Statements;
import dev.rollcall.store.statements.TablePort;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The positions of followers in the tables of a store. Safe for use by all threads, as its port is.
 *
 * <p>Whatever writes takes the row of {@code key_numbers} first: so nodes that share a database
 * wait for each other, and for a copy that holds it.
 *
 * @param <E> what a statement fails with
 */
public record CursorTables<E extends Exception>(TablePort<E> port) implements CursorStore {
  private static final String COLUMNS = "id, name, position, created_at, moved_at, made_by";

  /** With the number of changes behind each, one more than exact for more, and the newest seq. */
  private static final String ALL =
      "SELECT "
          + COLUMNS
          + ", (SELECT count(*) FROM (SELECT 1 FROM changes WHERE seq > position LIMIT "
          + (KeptCursor.EXACT + 1)
          + ") behind), (SELECT coalesce(max(seq), 0) FROM changes) FROM kept_cursors";

  private static final String BY_NAME = ALL + " WHERE name = $1";

  private static final String BY_ID = ALL + " WHERE id = $1";

  private static final String COUNT = "SELECT count(*) FROM kept_cursors";

  private static final String INSERT =
      "INSERT INTO kept_cursors (" + COLUMNS + ") VALUES ($1, $2, $3, $4, NULL, $5)";

  private static final String PLACE = "UPDATE kept_cursors SET position = $1 WHERE id = $2";

  private static final String ADVANCE =
      "UPDATE kept_cursors SET position = $1, moved_at = $2 WHERE id = $3 AND position < $4";

  private static final String DELETE = "DELETE FROM kept_cursors WHERE id = $1";

  @Override
  public Future<Optional<KeptCursor>> cursor(String name) {
    return port.read(BY_NAME, name).map(CursorTables::first);
  }

  @Override
  public Future<List<KeptCursor>> cursors() {
    // Sorted here, since databases differ in how they order texts.
    return port.read(ALL)
        .map(
            rows ->
                rows.stream()
                    .map(CursorTables::cursor)
                    .sorted(Comparator.comparing(KeptCursor::name))
                    .toList());
  }

  @Override
  public Future<PutCursor> putCursor(WantedCursor wanted) {
    return port.writeInTurn(statements -> put(statements, wanted));
  }

  private PutCursor put(Statements<E> statements, WantedCursor wanted) throws E {
    Long after = wanted.after();
    Optional<KeptCursor> there = first(statements.rows(BY_NAME, wanted.name()));
    if (there.isEmpty()) {
      return new PutCursor(add(statements, wanted), true);
    }
    KeptCursor found = there.get();
    if (!wanted.ofOthers() && !Objects.equals(found.by(), wanted.by())) {
      throw Failure.of(
          Kind.CONFLICT, "there is a follower of this name, which is another caller's");
    }
    if (after != null && after != found.position()) {
      statements.update(PLACE, after, found.id());
      found = first(statements.rows(BY_ID, found.id())).orElse(found);
    }
    return new PutCursor(found, found.id() == wanted.id());
  }

  private KeptCursor add(Statements<E> statements, WantedCursor wanted) throws E {
    if (statements.number(COUNT) >= MOST) {
      throw Failure.of(Kind.CONFLICT, "there are " + MOST + " followers already; delete some");
    }
    Long after = wanted.after();
    statements.update(
        INSERT,
        wanted.id(),
        wanted.name(),
        after == null ? Long.valueOf(wanted.otherwise()) : after,
        wanted.now().toEpochMilli(),
        wanted.by());
    return cursor(statements.rows(BY_ID, wanted.id()).get(0));
  }

  @Override
  public Future<Optional<KeptCursor>> advanceCursor(long id, long seq, Instant now) {
    return port.writeInTurn(
        statements -> {
          statements.update(ADVANCE, seq, now.toEpochMilli(), id, seq);
          return first(statements.rows(BY_ID, id));
        });
  }

  @Override
  public Future<Boolean> deleteCursor(long id) {
    return port.writeInTurn(
        statements -> {
          return statements.update(DELETE, id) > 0;
        });
  }

  private static Optional<KeptCursor> first(List<@Nullable Object[]> rows) {
    return rows.stream().findFirst().map(CursorTables::cursor);
  }

  private static KeptCursor cursor(@Nullable Object[] row) {
    long position = number(row[2]);
    long counted = number(row[6]);
    return new KeptCursor(
        number(row[0]),
        text(row[1]),
        position,
        counted > KeptCursor.EXACT ? Math.max(counted, number(row[7]) - position) : counted,
        time(row[3]),
        timeOrNull(row[4]),
        (String) row[5]);
  }
}
