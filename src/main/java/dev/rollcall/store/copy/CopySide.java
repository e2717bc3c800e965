package dev.rollcall.store.copy;

import dev.rollcall.store.Sql;
import dev.rollcall.store.UnfinishedCopy;
import dev.rollcall.store.copy.CopyTable.Column;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One end of a copy: a store whose tables are read and written row by row.
 *
 * <p>What both kinds of store have in common is here; they differ in how they are opened, and a
 * little in names and types. Blocks; used by one thread.
 */
abstract class CopySide implements AutoCloseable {
  /**
   * The numbers that a store gives out. Every write changes them, so that they also tell one state
   * of a store from another.
   *
   * @param lastSeq the newest seq that was given out
   * @param nextId the next id to be assigned
   * @param prunedSeq the newest seq that was pruned away
   */
  record Counts(long lastSeq, long nextId, long prunedSeq) {
    /** Those of a store that nothing was ever written to. */
    static final Counts NONE = new Counts(0, 1, 0);
  }

  /** What is done with each row that is read. */
  interface RowTaker {
    void take(CopyRow row) throws SQLException;
  }

  /** How many rows of a large table are fetched at once. A user may be of some megabytes. */
  private static final int FETCHED = 64;

  private static final String FORGET_KEY_NUMBERS = "DELETE FROM key_numbers";

  private final Connection connection;
  private final Map<CopyTable, PreparedStatement> inserts = new HashMap<>();

  /**
   * @param connection without autocommit, so that what is read within a transaction is one state
   */
  CopySide(Connection connection) throws SQLException {
    this.connection = connection;
    connection.setAutoCommit(false);
  }

  /** The tables that are copied. */
  List<CopyTable> tables() throws SQLException {
    return CopyTable.all(connection);
  }

  /** What messages call it; holds no password. */
  abstract String name();

  /** Whether there is a table of this name where those of the store are. */
  abstract boolean hasTable(String name) throws SQLException;

  /**
   * The statement that adds the row of counters, with places for the numbers; the size of the feed
   * is counted anew.
   */
  abstract String countersInsertion();

  /** What this store calls a column. */
  String named(Column column) {
    return column.name();
  }

  /** What gives a column's value as its type. */
  String selected(Column column) {
    return named(column);
  }

  /** The place of a column's value in an insertion. */
  String inserted(Column column) {
    return "?";
  }

  Connection connection() {
    return connection;
  }

  /** Hands over the rows behind a key, in the order of their keys. */
  void read(CopyTable table, long after, RowTaker taker) throws SQLException {
    String key = named(table.key());
    String sql =
        "SELECT %s FROM %s WHERE %s > ? ORDER BY %s"
            .formatted(list(table, this::selected), table.name(), key, key);
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setFetchSize(FETCHED);
      select.setLong(1, after);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          taker.take(CopyRow.read(table, rows));
        }
      }
    }
  }

  /** Adds rows to a table, and commits: all of them are there then, or none. */
  void write(CopyTable table, List<CopyRow> rows) throws SQLException {
    PreparedStatement insert = inserts.get(table);
    if (insert == null) {
      insert = connection.prepareStatement(insertion(table));
      inserts.put(table, insert);
    }
    for (CopyRow row : rows) {
      row.bind(insert);
      insert.addBatch();
    }
    insert.executeBatch();
    connection.commit();
  }

  private String insertion(CopyTable table) {
    return "INSERT INTO %s (%s) VALUES (%s)"
        .formatted(table.name(), list(table, this::named), list(table, this::inserted));
  }

  private static String list(CopyTable table, Function<Column, String> each) {
    return table.columns().stream().map(each).collect(Collectors.joining(", "));
  }

  /**
   * The largest key of a table, which is how far an interrupted copy got; 0 where it has no row.
   */
  long lastKey(CopyTable table) throws SQLException {
    return Sql.number(
        connection,
        "SELECT coalesce(max(%s), 0) FROM %s".formatted(named(table.key()), table.name()));
  }

  /** How many rows a table has. */
  long rows(CopyTable table) throws SQLException {
    return Sql.number(connection, "SELECT count(*) FROM " + table.name());
  }

  /** What a table holds, in short. */
  TableDigest.Summary digest(CopyTable table) throws SQLException {
    TableDigest digest = new TableDigest();
    read(table, 0, digest::add);
    return digest.summary();
  }

  /** Whether nothing was ever written to the store. */
  boolean isNew() throws SQLException {
    for (CopyTable table : tables()) {
      if (lastKey(table) > 0) {
        return false;
      }
    }
    return counts().equals(Counts.NONE);
  }

  /** Which state of its source this store holds a part of; empty where it is no unfinished copy. */
  Optional<Counts> unfinished() throws SQLException {
    return hasTable(UnfinishedCopy.TABLE)
        ? Optional.of(counts(UnfinishedCopy.TABLE))
        : Optional.empty();
  }

  /** The counters of a store that is no unfinished copy. */
  Counts counts() throws SQLException {
    return counts("counters");
  }

  private Counts counts(String table) throws SQLException {
    Counts counts =
        Sql.row(
            connection,
            row -> new Counts(row.getLong(1), row.getLong(2), row.getLong(3)),
            "SELECT last_seq, next_id, pruned_seq FROM " + table);
    if (counts == null) {
      throw new SQLException("the table " + table + " is empty");
    }
    return counts;
  }

  /** The newest id that a key was given. */
  long lastKeyId() throws SQLException {
    return Sql.number(connection, "SELECT last_id FROM key_numbers");
  }

  /** Marks the store as unfinished, and takes its counters away, without which nothing writes. */
  void begin(Counts source) throws SQLException {
    Sql.execute(connection, UnfinishedCopy.CREATE);
    insert(UnfinishedCopy.INSERT, source);
    Sql.execute(connection, "DELETE FROM counters");
    Sql.execute(connection, FORGET_KEY_NUMBERS);
    connection.commit();
  }

  /** Sets the counters and takes the mark away, in one transaction. */
  void finish(Counts source, long lastKeyId) throws SQLException {
    insert(countersInsertion(), source);
    // There is a row still where an earlier version began this copy.
    Sql.execute(connection, FORGET_KEY_NUMBERS);
    Sql.execute(connection, "INSERT INTO key_numbers VALUES (?, ?)", lastKeyId, lastKeyId);
    Sql.execute(connection, "DROP TABLE " + UnfinishedCopy.TABLE);
    connection.commit();
  }

  private void insert(String sql, Counts counts) throws SQLException {
    Sql.execute(connection, sql, counts.lastSeq(), counts.nextId(), counts.prunedSeq());
  }

  @Override
  public void close() throws SQLException, IOException {
    connection.close();
  }
}
