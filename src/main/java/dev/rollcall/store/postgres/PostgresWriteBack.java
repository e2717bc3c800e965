package dev.rollcall.store.postgres;

import dev.rollcall.store.RecordedWrite;
import dev.rollcall.store.postgres.PostgresBatch.Appended;
import dev.rollcall.store.tables.SessionTables;
import dev.rollcall.users.User;
import dev.rollcall.users.UserSchema;
import dev.rollcall.users.UserSchema.Column;
import dev.rollcall.users.UserSchema.KeyColumn;
import dev.rollcall.users.UserSchema.NumberColumn;
import dev.rollcall.users.UserSchema.TextColumn;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes what a batch changed and commits it, in one round trip: a few statements of many rows. */
final class PostgresWriteBack {
  private static final String REMOVE = "DELETE FROM users WHERE id = ANY($1::bigint[])";

  private static final String ERASE =
      """
      WITH erased AS (
        SELECT sum(octet_length(user_json)) AS bytes FROM changes
        WHERE id = ANY($1::bigint[]) AND user_json IS NOT NULL),
      erasing AS (
        UPDATE changes SET user_json = NULL
        WHERE id = ANY($1::bigint[]) AND user_json IS NOT NULL)
      UPDATE counters SET feed_bytes = feed_bytes - bytes FROM erased
      WHERE one AND bytes IS NOT NULL\
      """;

  private static final String PUT = put();
  private static final String FORGET = "DELETE FROM credentials WHERE id = ANY($1::bigint[])";

  private static final String SET =
      """
      INSERT INTO credentials SELECT * FROM unnest($1::bigint[], $2::text[])
      ON CONFLICT (id) DO UPDATE SET hash = excluded.hash\
      """;

  private static final String APPEND =
      """
      INSERT INTO changes SELECT * FROM unnest($1::bigint[], $2::smallint[], $3::bigint[],
        $4::bigint[], $5::bigint[], $6::text[], $7::uuid[], $8::bigint[], $9::text[])\
      """;

  private static final String RETIRE =
      "INSERT INTO retired_ids SELECT * FROM unnest($1::bigint[]) ON CONFLICT DO NOTHING";

  private static final String COUNT =
      "UPDATE counters SET last_seq = $1, next_id = $2, feed_bytes = feed_bytes + $3 WHERE one";

  private static final String NOTIFY = "SELECT pg_notify($1, $2)";

  private final PostgresPipeline pipeline;
  private final PostgresBatch batch;

  PostgresWriteBack(PgConnection connection, PostgresBatch batch) {
    this.pipeline = new PostgresPipeline(connection);
    this.batch = batch;
  }

  private static String put() {
    StringJoiner arrays = new StringJoiner(", ", "unnest(", ")");
    StringJoiner updates = new StringJoiner(", ");
    for (Column column : UserSchema.COLUMNS) {
      int index = UserSchema.COLUMNS.indexOf(column) + 1;
      arrays.add("$" + index + "::" + type(column) + "[]");
      if (index > 1) {
        updates.add(column.name() + " = excluded." + column.name());
      }
    }
    return "INSERT INTO users SELECT * FROM "
        + arrays
        + " ON CONFLICT (id) DO UPDATE SET "
        + updates;
  }

  private static String type(Column column) {
    return column instanceof NumberColumn
        ? "bigint"
        : column instanceof TextColumn ? "text" : "bytea";
  }

  /**
   * Sends everything. When the future fails, the outcome may be open.
   *
   * @param channel where the newest seq is announced to all nodes, once it can be read
   */
  Future<Void> run(String channel) {
    if (!batch.loggedOut().isEmpty()) {
      // First, so that sessions which begin meanwhile wait, and see what is written here.
      pipeline.send(SessionTables.NEXT, Tuple.tuple());
    }
    ids(REMOVE, batch.removed());
    ids(ERASE, batch.erased());
    put(batch.written());
    setHashes();
    ids(SessionTables.END_OF_USERS, batch.loggedOut());
    append(batch.appended());
    ids(RETIRE, batch.retired());
    pipeline.send(COUNT, Tuple.of(batch.lastSeq(), batch.nextId(), batch.appendedBytes()));
    pipeline.send(NOTIFY, Tuple.of(channel, Long.toString(batch.lastSeq())));
    pipeline.control("COMMIT");
    return pipeline.answered();
  }

  private void ids(String sql, List<Long> ids) {
    if (!ids.isEmpty()) {
      pipeline.send(sql, Tuple.tuple().addArrayOfLong(ids.toArray(Long[]::new)));
    }
  }

  private void put(List<User> users) {
    if (users.isEmpty()) {
      return;
    }
    Tuple values = Tuple.tuple();
    for (Column column : UserSchema.COLUMNS) {
      if (column instanceof NumberColumn number) {
        values.addArrayOfLong(PostgresRows.longs(users, number.value()::applyAsLong));
      } else if (column instanceof TextColumn text) {
        values.addArrayOfString(PostgresRows.strings(users, text.value()));
      } else {
        values.addArrayOfBuffer(PostgresRows.keys(users, ((KeyColumn) column)::value));
      }
    }
    pipeline.send(PUT, values);
  }

  private void setHashes() {
    List<Long> gone = new ArrayList<>();
    List<Long> owners = new ArrayList<>();
    List<String> hashes = new ArrayList<>();
    batch
        .hashes()
        .forEach(
            (id, hash) -> {
              if (hash == null) {
                gone.add(id);
              } else {
                owners.add(id);
                hashes.add(hash);
              }
            });
    ids(FORGET, gone);
    if (!owners.isEmpty()) {
      pipeline.send(
          SET,
          Tuple.tuple()
              .addArrayOfLong(owners.toArray(Long[]::new))
              .addArrayOfString(hashes.toArray(String[]::new)));
    }
  }

  private void append(List<Appended> changes) {
    if (changes.isEmpty()) {
      return;
    }
    Short[] kinds =
        changes.stream().map(each -> (short) each.change().kind().code()).toArray(Short[]::new);
    UUID[] ops = changes.stream().map(each -> each.by().op()).toArray(UUID[]::new);
    pipeline.send(
        APPEND,
        Tuple.tuple()
            .addArrayOfLong(PostgresRows.longs(changes, each -> each.change().seq()))
            .addArrayOfShort(kinds)
            .addArrayOfLong(PostgresRows.longs(changes, each -> each.change().id()))
            .addArrayOfLong(PostgresRows.longs(changes, each -> each.change().version()))
            .addArrayOfLong(PostgresRows.longs(changes, each -> each.change().at().toEpochMilli()))
            .addArrayOfString(PostgresRows.strings(changes, each -> each.change().user()))
            .addArrayOfUUID(ops)
            .addArrayOfLong(PostgresRows.longs(changes, PostgresWriteBack::digest))
            .addArrayOfString(PostgresRows.strings(changes, each -> each.change().by())));
  }

  private static @Nullable Long digest(Appended each) {
    return each.by().op() == null ? null : RecordedWrite.digest(each.by());
  }
}
