package dev.rollcall.store.copy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One of the tables that make up what a store holds. They are the same in SQLite and in PostgreSQL,
 * with the same columns in the same order, but for what these are called and how they are typed.
 *
 * @param name its name in the database
 * @param columns its columns; the first one is the key, a number from 1
 */
record CopyTable(String name, List<Column> columns) {
  /** What a column holds. */
  enum Type {
    NUMBER,
    TEXT,
    BYTES
  }

  /** A column of a table, by its name in SQLite. */
  record Column(String name, Type type) {}

  /**
   * The tables that are copied, in this order. Not copied are jobs, sessions and the attempts of
   * webhooks, and what belongs to a database itself: counters, holders and identities.
   */
  private static final List<String> NAMES =
      List.of(
          "users",
          "credentials",
          "changes",
          "retired_ids",
          "epochs",
          "api_keys",
          "signing_keys",
          "receipt_keys",
          "webhooks",
          "webhook_parked",
          "kept_cursors",
          "erasures",
          "erasure_targets");

  /** All tables of a database, with the columns that its migrations have given them. */
  static List<CopyTable> all(Connection connection) throws SQLException {
    List<CopyTable> tables = new ArrayList<>();
    for (String name : NAMES) {
      tables.add(of(connection, name));
    }
    return tables;
  }

  private static CopyTable of(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet nothing = statement.executeQuery("SELECT * FROM " + name + " LIMIT 0")) {
      ResultSetMetaData head = nothing.getMetaData();
      List<Column> columns = new ArrayList<>();
      for (int i = 1; i <= head.getColumnCount(); i++) {
        String column = head.getColumnName(i).equals("user_json") ? "user" : head.getColumnName(i);
        columns.add(new Column(column, type(head.getColumnTypeName(i))));
      }
      return new CopyTable(name, columns);
    }
  }

  private static Type type(String type) {
    return switch (type.toLowerCase(Locale.ROOT)) {
      case "integer", "int2", "int8" -> Type.NUMBER;
      case "text" -> Type.TEXT;
      case "blob", "bytea", "uuid" -> Type.BYTES;
      default -> throw new IllegalStateException("no copy is made of a " + type);
    };
  }

  Column key() {
    return columns.get(0);
  }
}
