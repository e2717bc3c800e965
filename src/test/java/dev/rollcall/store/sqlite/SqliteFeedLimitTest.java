package dev.rollcall.store.sqlite;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.store.FeedLimitContract;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.UserWrite;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class SqliteFeedLimitTest extends FeedLimitContract {

  private @TempDir Path folder = Path.of("");
  private @Nullable SqliteStore store;

  @Override
  protected UserStore open(long limit, Duration keep) {
    SqliteStore opened =
        SqliteStore.open(
            vertx,
            new SqliteStore.Options(file(), 2, 1000, 1 << 20, 4 << 20, keep, limit),
            new SimpleMeterRegistry());
    store = opened;
    return opened;
  }

  private Path file() {
    return folder.resolve("users.db");
  }

  @Override
  protected void close() throws IOException {
    if (store != null) {
      store.close();
      store = null;
    }
  }

  @Override
  protected long number(String sql) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected void execute(String sql) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected String userColumn() {
    return "user";
  }

  @Test
  void theFileGrowsNoFurtherSincePagesAreUsedAgain() {
    UserStore writing = open(4 << 20, Duration.ofDays(30));
    for (int i = 0; i < 300; i++) {
      String attributes = "{\"a\":\"" + "x".repeat(100_000 + i) + "\"}";
      await(
          writing.write(
              new UserWrite.Put(
                  1, new UserDraft(null, "A", null, attributes), Precondition.NONE, null)));
    }
    long pages = number("SELECT page_count * 4096 FROM pragma_page_count");
    assertThat(pages).as("bytes of the file, of 30 MB that were written").isLessThan(8 << 20);
  }
}
