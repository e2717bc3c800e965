package dev.rollcall.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.users.Awaiting;
import dev.rollcall.users.EmailKey;
import dev.rollcall.users.SearchKey;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A database of the version before, whose addresses were compared ignoring all case. */
@Tag("slow")
class PostgresEmailKeyMigrationTest {

  private static final List<String> EMAILS =
      List.of(
          "Alice@Example.org",
          "M\u0131ke@example.org",
          "mi\u212aa@example.org",
          "\u00c9mile@b\u00fccher.example",
          "E\u0301mile\u00c9@example.org");

  private final Vertx vertx = Vertx.vertx();
  private final String uri = PostgresServer.fresh("email_keys");

  @AfterEach
  void closeVertx() {
    Awaiting.await(vertx.close());
    PostgresServer.execute("DROP DATABASE IF EXISTS email_keys WITH (FORCE)");
  }

  private Connection connect() throws SQLException {
    return PostgresJdbc.dataSource(PostgresServer.settings(uri)).getConnection();
  }

  private void fillWithKeysOfBefore() throws SQLException {
    Flyway.configure()
        .dataSource(PostgresJdbc.dataSource(PostgresServer.settings(uri)))
        .locations("classpath:db/postgres")
        .table("schema_history")
        .target("3")
        .load()
        .migrate();
    try (Connection connection = connect();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO users VALUES (?, 'A', '\\x61', ?, ?, '{}', 1, 1, 1, ?)")) {
      for (int i = 0; i < EMAILS.size(); i++) {
        insert.setInt(1, i + 1);
        insert.setString(2, EMAILS.get(i));
        insert.setBytes(3, SearchKey.of(EMAILS.get(i)));
        insert.setInt(4, i + 1);
        insert.executeUpdate();
      }
    }
  }

  private List<String> keys() throws SQLException {
    List<String> keys = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT email_key FROM users ORDER BY id")) {
      while (rows.next()) {
        keys.add(new String(rows.getBytes(1), StandardCharsets.UTF_8));
      }
    }
    return keys;
  }

  @Test
  void everyUserGetsTheKeyOfItsAddressAndNobodyIsLost() throws SQLException {
    fillWithKeysOfBefore();
    assertThat(keys()).contains("mike@example.org", "mika@example.org");
    List<String> expected =
        EMAILS.stream()
            .map(email -> new String(EmailKey.of(email), StandardCharsets.UTF_8))
            .toList();
    for (int start = 0; start < 2; start++) {
      try (PostgresStore store = PostgresServer.store(vertx, PostgresServer.settings(uri))) {
        assertThat(store.position()).isNotNegative();
      }
      assertThat(keys()).isEqualTo(expected).doesNotContain("mike@example.org");
    }
  }
}
