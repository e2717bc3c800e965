package dev.rollcall.store.tables;

import static dev.rollcall.store.statements.Values.bytes;
import static dev.rollcall.store.statements.Values.millis;
import static dev.rollcall.store.statements.Values.number;
import static dev.rollcall.store.statements.Values.text;
import static dev.rollcall.store.statements.Values.time;
import static dev.rollcall.store.statements.Values.timeOrNull;

import dev.rollcall.access.ApiKey;
import dev.rollcall.access.Authentication;
import dev.rollcall.access.KeyHash;
import dev.rollcall.access.KeyStore;
import dev.rollcall.access.NewKey;
import dev.rollcall.access.Scopes;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.store.statements.Statements;
import dev.rollcall.store.statements.TablePort;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The keys in the tables of a store. Safe for use by all threads, as its port is.
 *
 * <p>Whatever writes takes the row of {@code key_numbers} first: so nodes that share a database
 * wait for each other, and for a copy that holds it.
 *
 * @param <E> what a statement fails with
 */
public record KeyTables<E extends Exception>(TablePort<E> port) implements KeyStore {
  /** Expired keys can be seen for so long; the next key that is made then removes them. */
  private static final Duration KEEP_EXPIRED = Duration.ofDays(30);

  /** How many keys one statement notes the uses of. */
  private static final int USES = 200;

  private static final String COLUMNS =
      "id, name, scopes, hash, created_at, expires_at, last_used_at, made_by";

  private static final String REVISION = "SELECT revision FROM key_numbers";

  private static final String PAGE =
      "SELECT " + COLUMNS + " FROM api_keys WHERE id > $1 ORDER BY id LIMIT $2";

  private static final String BY_HASH = "SELECT " + COLUMNS + " FROM api_keys WHERE hash = $1";

  private static final String NEXT = "UPDATE key_numbers SET last_id = last_id + 1, revision = $1";

  private static final String CHANGED = "UPDATE key_numbers SET revision = $1";

  private static final String PRUNE = "DELETE FROM api_keys WHERE expires_at < $1";

  private static final String INSERT =
      "INSERT INTO api_keys (" + COLUMNS + ") VALUES ($1, $2, $3, $4, $5, $6, NULL, $7)";

  /** With those that it made, and those that these made. */
  private static final String DELETE =
      "WITH RECURSIVE ended(id) AS (SELECT id FROM api_keys WHERE id = $1 UNION SELECT made.id FROM"
          + " api_keys made JOIN ended ON made.made_by = '"
          + ApiKey.PRINCIPAL
          + "' || ended.id) DELETE FROM api_keys WHERE id IN (SELECT id FROM ended)";

  @Override
  public Future<Long> keyRevision() {
    return port.read(REVISION).map(rows -> rows.isEmpty() ? 0L : number(rows.get(0)[0]));
  }

  @Override
  public Future<List<ApiKey>> keys(long after, int limit) {
    return port.readAll(KeyTables::key, PAGE, after, (long) limit);
  }

  @Override
  public Future<ApiKey> addKey(NewKey wanted) {
    return port.write(statements -> add(statements, wanted));
  }

  private ApiKey add(Statements<E> statements, NewKey wanted) throws E {
    long createdAt = wanted.createdAt().toEpochMilli();
    TablePort.take(statements, NEXT, ThreadLocalRandom.current().nextLong());
    List<@Nullable Object[]> before = statements.rows(BY_HASH, (Object) wanted.hash().bytes());
    if (!before.isEmpty()) {
      return key(before.get(0)); // It was made by this very call, whose answer was lost.
    }
    requireMaker(statements, wanted.by());
    statements.update(PRUNE, createdAt - KEEP_EXPIRED.toMillis());
    if (statements.number("SELECT count(*) FROM api_keys") >= MOST) {
      throw Failure.of(Kind.CONFLICT, "there are " + MOST + " keys already; delete some");
    }
    ApiKey key = wanted.withId(statements.number("SELECT last_id FROM key_numbers"));
    statements.update(
        INSERT,
        key.id(),
        key.name(),
        key.scopes().toString(),
        key.hash().bytes(),
        createdAt,
        millis(key.expiresAt()),
        key.by());
    return key;
  }

  /** A key that was deleted a moment ago, which this node may not know yet, makes no other one. */
  private void requireMaker(Statements<E> statements, @Nullable String by) throws E {
    if (by != null && by.startsWith(ApiKey.PRINCIPAL)) {
      long maker = Long.parseLong(by.substring(ApiKey.PRINCIPAL.length()));
      if (statements.rows("SELECT id FROM api_keys WHERE id = $1", maker).isEmpty()) {
        throw Authentication.refused();
      }
    }
  }

  @Override
  public Future<Boolean> deleteKey(long id) {
    return port.write(
        statements -> {
          TablePort.take(statements, CHANGED, ThreadLocalRandom.current().nextLong());
          return statements.update(DELETE, id) > 0;
        });
  }

  @Override
  public Future<Void> keysUsed(Map<Long, Instant> lastUsedAt) {
    List<Map.Entry<Long, Instant>> uses = List.copyOf(new TreeMap<>(lastUsedAt).entrySet());
    Future<Void> noted = Future.succeededFuture();
    for (int from = 0; from < uses.size(); from += USES) {
      List<Map.Entry<Long, Instant>> some = uses.subList(from, Math.min(uses.size(), from + USES));
      noted =
          noted.compose(
              before -> port.writeInTurn(statements -> note(statements, some)).mapEmpty());
    }
    return noted;
  }

  private int note(Statements<E> statements, List<Map.Entry<Long, Instant>> uses) throws E {
    List<@Nullable Object> values = new ArrayList<>(2 * uses.size());
    for (Map.Entry<Long, Instant> use : uses) {
      values.add(use.getKey());
      values.add(use.getValue().toEpochMilli());
    }
    return statements.update(noting(uses.size()), values.toArray());
  }

  private static String noting(int uses) {
    return IntStream.range(0, uses)
        .mapToObj(
            i -> "(CAST($" + (2 * i + 1) + " AS bigint), CAST($" + (2 * i + 2) + " AS bigint))")
        .collect(
            Collectors.joining(
                ", ",
                "UPDATE api_keys SET last_used_at = uses.column2 FROM (VALUES ",
                ") uses WHERE id = uses.column1 AND coalesce(last_used_at, 0) < uses.column2"));
  }

  private static ApiKey key(@Nullable Object[] row) {
    return new ApiKey(
        number(row[0]),
        text(row[1]),
        Scopes.parse(text(row[2])),
        KeyHash.read(bytes(row[3])),
        time(row[4]),
        timeOrNull(row[5]),
        timeOrNull(row[6]),
        (String) row[7]);
  }
}
