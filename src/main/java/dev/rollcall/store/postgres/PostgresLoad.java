package dev.rollcall.store.postgres;

import dev.rollcall.store.RecordedWrite;
import dev.rollcall.store.erasures.ErasureTables;
import dev.rollcall.users.Change;
import dev.rollcall.users.User;
import dev.rollcall.users.UserSchema;
import dev.rollcall.users.UserWrite;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Begins a transaction and loads all that deciding some writes takes, in one round trip: the
 * statements are sent one after the other without waiting.
 *
 * <p>The counters come first, and lock out the writers of all nodes until this transaction ends.
 * Each later statement sees what was committed when it begins, and so all that those wrote before.
 */
final class PostgresLoad {
  private static final String COUNTERS =
      "SELECT last_seq, next_id, pg_current_xact_id()::text, feed_bytes FROM counters WHERE one"
          + " FOR UPDATE";

  private static final String USERS =
      "SELECT " + UserSchema.READ_NAMES + " FROM users WHERE id = ANY($1::bigint[])";

  private static final String OWNERS =
      "SELECT email_key, id FROM users WHERE email_key = ANY($1::bytea[])";

  private static final String OPS =
      "SELECT op, kind, user_json, seq, content, id FROM changes"
          + " WHERE op = ANY($1::uuid[]) AND op IS NOT NULL";

  private static final String HASHES =
      "SELECT id, hash FROM credentials WHERE id = ANY($1::bigint[])";

  private static final String ERASURES = ErasureTables.RUNNING + " AND user_id = ANY($1::bigint[])";

  private static final String USED =
      """
      SELECT id FROM users WHERE id >= $1 AND id < $2
      UNION ALL SELECT id FROM retired_ids WHERE id >= $1 AND id < $2\
      """;

  /** A write under an op, and the user that it was about. */
  record Op(long id, RecordedWrite write) {}

  /**
   * What the database has.
   *
   * @param transaction its number, by which the server tells later whether it was committed
   * @param feedBytes how many bytes the feed has
   * @param users by id, those that the writes name
   * @param owners of the addresses that the writes want, by key
   * @param ops what the writes' ops recorded earlier
   * @param hashes the passwords of users who are to get another instead of a certain one
   * @param erasures those that run, of users whom the writes may make
   */
  record Loaded(
      String transaction,
      long lastSeq,
      long nextId,
      long feedBytes,
      Map<Long, User> users,
      Map<Buffer, Long> owners,
      Map<UUID, Op> ops,
      Map<Long, String> hashes,
      Map<Long, Long> erasures) {}

  private final PgConnection connection;
  private final Set<Long> ids = new HashSet<>();
  private final Set<Buffer> keys = new HashSet<>();
  private final Set<UUID> ops = new HashSet<>();
  private final Set<Long> passwords = new HashSet<>();
  private final Set<Long> made = new HashSet<>();

  PostgresLoad(PgConnection connection, List<UserWrite> writes) {
    this.connection = connection;
    writes.forEach(this::note);
  }

  private void note(UserWrite write) {
    Long target = write.target();
    if (target != null) {
      ids.add(target);
      if (write instanceof UserWrite.Create || write instanceof UserWrite.Put) {
        made.add(target);
      }
    }
    UUID op = write.op();
    if (op != null) {
      ops.add(op);
    }
    Buffer key = PostgresRows.key(wantedEmail(write));
    if (key != null) {
      keys.add(key);
    }
    if (write instanceof UserWrite.SetPassword password && password.replaces() != null) {
      passwords.add(password.id());
    }
  }

  private static @Nullable String wantedEmail(UserWrite write) {
    if (write instanceof UserWrite.Create create) {
      return create.draft().email();
    } else if (write instanceof UserWrite.Put put) {
      return put.draft().email();
    }
    return write instanceof UserWrite.Patch patch ? patch.patch().email() : null;
  }

  /** Sends all statements; succeeds when the last one is answered, or fails as the first failed. */
  Future<Loaded> run() {
    Map<Long, User> users = new HashMap<>();
    Map<Buffer, Long> owners = new HashMap<>();
    Map<UUID, Op> recorded = new HashMap<>();
    Map<Long, String> hashes = new HashMap<>();
    Map<Long, Long> erasures = new HashMap<>();
    PostgresPipeline pipeline = new PostgresPipeline(connection);
    pipeline.control("BEGIN");
    Future<RowSet<Row>> counters = pipeline.send(COUNTERS, Tuple.tuple());
    if (!ids.isEmpty()) {
      pipeline
          .send(USERS, Tuple.tuple().addArrayOfLong(ids.toArray(Long[]::new)))
          .onSuccess(
              rows -> rows.forEach(row -> users.put(row.getLong(0), PostgresRows.user(row))));
    }
    if (!keys.isEmpty()) {
      pipeline
          .send(OWNERS, Tuple.tuple().addArrayOfBuffer(keys.toArray(Buffer[]::new)))
          .onSuccess(rows -> rows.forEach(row -> owners.put(row.getBuffer(0), row.getLong(1))));
    }
    if (!ops.isEmpty()) {
      pipeline
          .send(OPS, Tuple.tuple().addArrayOfUUID(ops.toArray(UUID[]::new)))
          .onSuccess(rows -> rows.forEach(row -> recorded.put(row.getUUID(0), op(row))));
    }
    if (!passwords.isEmpty()) {
      pipeline
          .send(HASHES, Tuple.tuple().addArrayOfLong(passwords.toArray(Long[]::new)))
          .onSuccess(rows -> rows.forEach(row -> hashes.put(row.getLong(0), row.getString(1))));
    }
    if (!made.isEmpty()) {
      pipeline
          .send(ERASURES, Tuple.tuple().addArrayOfLong(made.toArray(Long[]::new)))
          .onSuccess(rows -> rows.forEach(row -> erasures.put(row.getLong(0), row.getLong(1))));
    }
    return pipeline
        .answered()
        .map(
            all -> {
              Row row = counters.result().iterator().next();
              return new Loaded(
                  row.getString(2),
                  row.getLong(0),
                  row.getLong(1),
                  row.getLong(3),
                  users,
                  owners,
                  recorded,
                  hashes,
                  erasures);
            });
  }

  private static Op op(Row row) {
    return new Op(
        row.getLong(5),
        new RecordedWrite(
            Change.Kind.of(row.getInteger(1)), row.getString(2), row.getLong(3), row.getLong(4)));
  }

  /** Which ids of a range are or were in use, before this transaction. */
  static Future<Set<Long>> used(PgConnection connection, long from, int count) {
    return connection
        .preparedQuery(USED)
        .execute(Tuple.of(from, from + count))
        .map(
            rows -> {
              Set<Long> used = new HashSet<>();
              rows.forEach(row -> used.add(row.getLong(0)));
              return used;
            });
  }
}
