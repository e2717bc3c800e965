package dev.rollcall.store;

import dev.rollcall.users.EmailKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/**
 * Gives the users the keys by which their e-mail addresses are compared now: the case of ASCII
 * letters is ignored, and no longer that of others.
 *
 * <p>Keys of ASCII addresses stay as they are, so those alone are written that hold other letters.
 * The new keys tell apart whatever the old ones told apart, so that no two users fall together, and
 * should they, the constraint on the keys fails the migration, which then changes nothing.
 */
public final class EmailKeyMigration implements JavaMigration {
  /** How many rows are held in memory. */
  private static final int PAGE = 1000;

  private final String version;
  private final String select;
  private final String last;

  /**
   * @param version its number among the migrations of the store
   * @param hasOtherLetters what in SQL is true of an {@code email} that is not all ASCII
   * @param last a statement at the end
   */
  public EmailKeyMigration(String version, String hasOtherLetters, String last) {
    this.version = version;
    this.select =
        "SELECT id, email FROM users WHERE id > ? AND "
            + hasOtherLetters
            + " ORDER BY id LIMIT "
            + PAGE;
    this.last = last;
  }

  @Override
  public void migrate(Context context) throws SQLException {
    Connection connection = context.getConnection();
    try (PreparedStatement read = connection.prepareStatement(select);
        PreparedStatement write =
            connection.prepareStatement("UPDATE users SET email_key = ? WHERE id = ?");
        Statement end = connection.createStatement()) {
      Map<Long, String> page = page(read, 0);
      while (!page.isEmpty()) {
        long after = 0;
        for (Map.Entry<Long, String> user : page.entrySet()) {
          after = user.getKey();
          write.setBytes(1, EmailKey.of(user.getValue()));
          write.setLong(2, after);
          write.addBatch();
        }
        write.executeBatch();
        page = page(read, after);
      }
      end.execute(last);
    }
  }

  /** The next users and their addresses, in ascending order. */
  private static Map<Long, String> page(PreparedStatement read, long after) throws SQLException {
    read.setLong(1, after);
    Map<Long, String> page = new LinkedHashMap<>();
    try (ResultSet rows = read.executeQuery()) {
      while (rows.next()) {
        page.put(rows.getLong(1), rows.getString(2));
      }
    }
    return page;
  }

  @Override
  public MigrationVersion getVersion() {
    return MigrationVersion.fromVersion(version);
  }

  @Override
  public String getDescription() {
    return "email keys";
  }

  @Override
  public @Nullable Integer getChecksum() {
    return null;
  }

  @Override
  public boolean canExecuteInTransaction() {
    return true;
  }
}
