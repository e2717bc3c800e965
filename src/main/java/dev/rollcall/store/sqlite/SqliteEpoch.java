package dev.rollcall.store.sqlite;

import dev.rollcall.store.Epoch;
import dev.rollcall.store.Sql;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells, before anything is served, whether a database is the one that was served here last, and
 * begins a new {@link Epoch} where it may not be.
 *
 * <p>A backup has an id of its own, so it is never taken for the original. Of other copies the
 * {@link SqliteMark} tells: one without a mark beside it, one that is older than the mark, one that
 * is another file. A disk that was put back whole, lock file included, can't be told.
 */
record SqliteEpoch(SqliteFile file, SqliteMark mark) {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteEpoch.class);

  /** The first schema in which a database has an id. */
  private static final int FIRST_WITH_ID = 4;

  /** What the database itself says. */
  private record State(UUID store, long lastSeq, long nextId) {
    /** Whether nothing was ever given out. */
    boolean isNew() {
      return lastSeq == 0 && nextId == 1;
    }
  }

  /**
   * Begins an epoch where the database may have been put back.
   *
   * @param schema what it had before this start; 0 for a new file
   * @param served whether it was served here by this program before, as far as that can be told
   */
  void settle(int schema, boolean served) throws SQLException, IOException {
    try (Connection connection = file.writer()) {
      State state = state(connection);
      SqliteMark.Content said = mark.read();
      String doubt = said == null ? doubtUnmarked(state, schema, served) : doubt(state, said);
      if (doubt != null) {
        long lastSeq = said == null ? 0 : said.lastSeq();
        long nextId = said == null ? 0 : said.nextId();
        state = begin(connection, state, lastSeq, nextId);
        LOG.warn(
            "{} {}: a new epoch begins, with seqs above {} and ids from {} on",
            file.path(),
            doubt,
            state.lastSeq,
            state.nextId);
      }
      mark.begin(state.store, state.lastSeq, state.nextId);
    }
  }

  /** Begins an epoch because the operator says so; its floor. */
  long begin() throws SQLException, IOException {
    try (Connection connection = file.writer()) {
      State state = begin(connection, state(connection), 0, 0);
      mark.begin(state.store, state.lastSeq, state.nextId);
      return state.lastSeq;
    }
  }

  /** Makes the mark fit an unfinished copy, which brings its numbers along. */
  void adopt() throws SQLException, IOException {
    try (Connection connection = file.writer()) {
      boolean unfinished = Sql.number(connection, "SELECT count(*) FROM counters") == 0;
      if (unfinished || state(connection).isNew()) {
        mark.begin(id(connection), 0, 1);
      }
    }
  }

  private static @Nullable String doubtUnmarked(State state, int schema, boolean served) {
    // An earlier version left a lock file and no mark.
    boolean upgraded = schema < FIRST_WITH_ID && served;
    return state.isNew() || upgraded ? null : "was not served here before";
  }

  private @Nullable String doubt(State state, SqliteMark.Content said) throws IOException {
    if (said.lastSeq() > state.lastSeq || said.nextId() > state.nextId) {
      return "is older than what was served here last";
    } else if (state.isNew()) {
      return null;
    } else if (!said.store().equals(state.store)) {
      return "is a copy, or another store than was served here last";
    }
    return mark.isOfTheseFiles(said) ? null : "is another file than was served here last";
  }

  /**
   * Begins one, in a transaction.
   *
   * @param lastSeq a seq that is known to have been given out
   * @param nextId an id below which all are known to have been given out
   */
  private static State begin(Connection connection, State state, long lastSeq, long nextId)
      throws SQLException {
    Instant now = Instant.now();
    long floor = Epoch.floor(Math.max(state.lastSeq, lastSeq), now);
    long firstId = Epoch.floor(Math.max(state.nextId, nextId) - 1, now) + 1;
    long jobs =
        Sql.number(
            connection, "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'jobs'");
    Sql.execute(connection, "BEGIN IMMEDIATE");
    Sql.execute(connection, "INSERT INTO epochs VALUES (?, ?)", floor, state.lastSeq);
    Sql.execute(connection, "UPDATE counters SET last_seq = ?, next_id = ?", floor, firstId);
    Sql.execute(connection, "UPDATE jobs SET shift = shift + total WHERE ended_at IS NULL");
    Sql.execute(connection, "DELETE FROM sqlite_sequence WHERE name = 'jobs'");
    Sql.execute(
        connection, "INSERT INTO sqlite_sequence VALUES ('jobs', ?)", Epoch.floor(jobs, now));
    long keys = Sql.number(connection, "SELECT last_id FROM key_numbers");
    Sql.execute(connection, "UPDATE key_numbers SET last_id = ?", Epoch.floor(keys, now));
    long endings = Sql.number(connection, "SELECT revision FROM session_numbers");
    Sql.execute(connection, "UPDATE session_numbers SET revision = ?", Epoch.floor(endings, now));
    Sql.execute(connection, "UPDATE identity SET id = randomblob(16)");
    Sql.execute(connection, "COMMIT");
    return state(connection);
  }

  private static State state(Connection connection) throws SQLException {
    return new State(
        id(connection),
        Sql.number(connection, "SELECT last_seq FROM counters"),
        Sql.number(connection, "SELECT next_id FROM counters"));
  }

  private static UUID id(Connection connection) throws SQLException {
    byte[] id = Sql.row(connection, row -> row.getBytes(1), "SELECT id FROM identity");
    ByteBuffer halves = ByteBuffer.wrap(Objects.requireNonNull(id));
    return new UUID(halves.getLong(), halves.getLong());
  }
}
