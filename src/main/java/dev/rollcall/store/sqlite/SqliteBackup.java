package dev.rollcall.store.sqlite;

import dev.rollcall.base.Failure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes consistent copies of the database while it serves, one at a time.
 *
 * <p>A copy holds everything, and a start on it restores it. It appears under its name only when it
 * is whole and on the disk.
 *
 * @param folder where the copies are, those of an earlier version included
 * @param running set while a copy of this file is being written, by whichever instance
 */
public record SqliteBackup(
    Vertx vertx, SqliteFile file, BackupFolder folder, AtomicBoolean running) {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteBackup.class);

  /** A finished copy and its size. */
  public record Copy(Path path, long bytes) {}

  /**
   * Copies the database into the folder, on a worker thread; as long as that takes, the write-ahead
   * log can't shrink. Then the oldest copies are removed that are too many.
   *
   * @return fails with {@code CONFLICT} while another copy is being written, and {@code
   *     UNAVAILABLE} when the copy can't be written
   */
  public Future<Copy> run() {
    if (!running.compareAndSet(false, true)) {
      return Future.failedFuture(
          Failure.of(Failure.Kind.CONFLICT, "a backup is being written already"));
    }
    return vertx.executeBlocking(this::copy, false).onComplete(done -> running.set(false));
  }

  private Copy copy() {
    Path target;
    try {
      target = folder.next();
    } catch (IOException e) {
      throw failed("the folder can't be written", e);
    }
    Copy copy = copyTo(target);
    LOG.info("a backup was written to {}", target);
    folder.prune(target);
    return copy;
  }

  private Copy copyTo(Path target) {
    Path partial = BackupFolder.partial(target);
    try {
      // SQLite takes an empty file as well, and leaves its permissions as they are.
      PrivateFiles.createNew(partial);
      vacuumInto(partial);
      rename(partial);
      try (FileChannel written = FileChannel.open(partial, StandardOpenOption.WRITE)) {
        written.force(true);
      }
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      return new Copy(target, Files.size(target));
    } catch (SQLException e) {
      remove(partial);
      throw failed(SqliteFile.reason(e), e);
    } catch (IOException e) {
      remove(partial);
      throw failed("the folder can't be written", e);
    }
  }

  private void vacuumInto(Path partial) throws SQLException {
    try (Connection connection = file.writer();
        PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
      vacuum.setString(1, partial.toString());
      vacuum.execute();
    }
  }

  /** Gives the copy an id of its own, so that a start on it begins an epoch. */
  private static void rename(Path partial) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + partial);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = MEMORY"); // No further file; it is partial anyway.
      statement.executeUpdate("UPDATE identity SET id = randomblob(16)");
    }
  }

  private static void remove(Path partial) {
    try {
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      LOG.warn("the partial backup {} can't be removed", partial, e);
    }
  }

  private static Failure failed(String reason, Exception cause) {
    LOG.warn("no backup was written: {}", reason, cause);
    return Failure.of(Failure.Kind.UNAVAILABLE, "no backup was written: " + reason);
  }
}
