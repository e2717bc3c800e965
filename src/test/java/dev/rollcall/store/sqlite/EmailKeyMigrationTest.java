package dev.rollcall.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.store.Migrations;
import dev.rollcall.users.EmailKey;
import dev.rollcall.users.SearchKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of the version before, whose addresses were compared ignoring the case of all letters. */
class EmailKeyMigrationTest {

  /** More than are held in memory. */
  private static final int USERS = 2500;

  @TempDir Path folder;

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("users.db"));
  }

  private static String email(int id) {
    return switch (id % 4) {
      case 0 -> "User" + id + "@Example.org";
      case 1 -> "M\u0131\u212ae" + id + "@Example.org";
      case 2 -> "\u00c9mile" + id + "@b\u00fccher.example";
      default -> "E\u0301mile" + id + "\u00c9@example.org";
    };
  }

  private void fillWithKeysOfBefore() throws SQLException {
    Flyway.configure()
        .dataSource("jdbc:sqlite:" + folder.resolve("users.db"), null, null)
        .locations("classpath:db/sqlite")
        .table("schema_history")
        .target("4")
        .load()
        .migrate();
    try (Connection connection = connect();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO users VALUES (?, 'A', x'61', ?, ?, '{}', 1, 1, 1, ?)")) {
      connection.setAutoCommit(false);
      for (int id = 1; id <= USERS; id++) {
        insert.setInt(1, id);
        // The last one has none.
        insert.setString(2, id == USERS ? null : email(id));
        insert.setBytes(3, id == USERS ? null : SearchKey.of(email(id)));
        insert.setInt(4, id);
        insert.addBatch();
      }
      insert.executeBatch();
      connection.commit();
    }
  }

  private List<String> keys() throws SQLException {
    List<String> keys = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT email_key FROM users ORDER BY id")) {
      while (rows.next()) {
        byte[] key = rows.getBytes(1);
        keys.add(key == null ? "none" : new String(key, StandardCharsets.UTF_8));
      }
    }
    return keys;
  }

  @Test
  void everyUserGetsTheKeyOfItsAddressAndNobodyIsLost() throws Exception {
    fillWithKeysOfBefore();
    assertThat(keys()).contains("mike1@example.org");
    SqliteFile.open(folder.resolve("users.db")).close();
    List<String> expected = new ArrayList<>();
    for (int id = 1; id < USERS; id++) {
      expected.add(new String(EmailKey.of(email(id)), StandardCharsets.UTF_8));
    }
    expected.add("none");
    assertThat(keys()).isEqualTo(expected).doesNotContain("mike1@example.org");
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet version = statement.executeQuery("PRAGMA user_version")) {
      assertThat(version.getInt(1)).isEqualTo(Migrations.SQLITE.newest());
    }
    SqliteFile.open(folder.resolve("users.db")).close();
    assertThat(keys()).isEqualTo(expected);
  }
}
