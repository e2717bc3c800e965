package dev.rollcall.store.postgres;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.rollcall.base.Cancellation;
import dev.rollcall.store.EmailKeyMigration;
import dev.rollcall.users.Change;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nodes of the version before, which do not know who made a change, beside those that do. */
@Tag("slow")
class PostgresRollingUpdateTest {

  /** As that version sends it. */
  private static final String APPEND_OF_BEFORE =
      """
      INSERT INTO changes SELECT * FROM unnest($1::bigint[], $2::smallint[], $3::bigint[],
        $4::bigint[], $5::bigint[], $6::text[], $7::uuid[], $8::bigint[])\
      """;

  private final Vertx vertx = Vertx.vertx();
  private final String uri = PostgresServer.fresh("rolling");

  @AfterEach
  void stop() {
    await(vertx.close());
    PostgresServer.execute("DROP DATABASE IF EXISTS rolling WITH (FORCE)");
  }

  private PostgresStore open() {
    return PostgresServer.store(vertx, PostgresServer.settings(uri));
  }

  private Connection connect() throws SQLException {
    return PostgresJdbc.dataSource(PostgresServer.settings(uri)).getConnection();
  }

  /** Makes the tables as the version before leaves them. */
  private void makeTablesOfBefore() {
    Flyway.configure()
        .dataSource(PostgresJdbc.dataSource(PostgresServer.settings(uri)))
        .locations("classpath:db/postgres")
        .table("schema_history")
        .javaMigrations(new EmailKeyMigration("4", "email ~ '[^ -~]'", "SELECT 1"))
        .target("5")
        .load()
        .migrate();
  }

  private static List<Change> changes(PostgresStore store) {
    return await(store.changes(0, 10, new Cancellation())).items();
  }

  @Test
  void aNodeOfTheVersionBeforeGoesOnWritingAndItsChangesAreNobodys() throws Exception {
    makeTablesOfBefore();
    try (Connection before = connect();
        Statement statement = before.createStatement()) {
      statement.execute("PREPARE append AS " + APPEND_OF_BEFORE);
      appendAsBefore(statement, 1);
      try (PostgresStore store = open()) {
        UserWrite creation =
            new UserWrite.Create(new UserDraft(1L, "A", null, "{}"), null).from("key:7");
        long seq = await(store.write(creation)).user().seq();
        appendAsBefore(statement, seq + 1);
        assertThat(changes(store)).extracting(Change::by).containsExactly(null, "key:7", null);
      }
    }
  }

  private static void appendAsBefore(Statement statement, long seq) throws SQLException {
    statement.execute(
        String.format(
            Locale.ROOT,
            "EXECUTE append('{%d}', '{1}', '{7}', '{1}', '{%d}', '{\"{}\"}', '{null}', '{null}')",
            seq,
            System.currentTimeMillis()));
    statement.execute("UPDATE counters SET last_seq = " + seq);
  }

  /** All other nodes would wait behind it, and their clients. */
  @Test
  void theNewNodeGivesUpWhereSomebodyHasTheTableForLong() throws Exception {
    makeTablesOfBefore();
    try (Connection dump = connect();
        Statement statement = dump.createStatement()) {
      dump.setAutoCommit(false);
      statement.execute("SELECT count(*) FROM changes");
      assertThatIllegalStateException()
          .isThrownBy(this::open)
          .withMessageContaining("can't be brought up to date")
          .withStackTraceContaining("lock timeout");
      dump.rollback();
    }
    open().close();
  }
}
