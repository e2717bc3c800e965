package dev.rollcall.store.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The lock file beside a database: keeps a second process out, and holds the {@link SqliteMark}.
 */
final class SqliteLock implements AutoCloseable {
  /** What its name ends with, after that of the database. */
  static final String SUFFIX = ".lock";

  private final FileChannel channel;
  private final SqliteMark mark;
  private final boolean foundThere;

  private SqliteLock(Path database, Path path, FileChannel channel, boolean foundThere) {
    this.channel = channel;
    this.mark = new SqliteMark(database, path, channel);
    this.foundThere = foundThere;
  }

  /**
   * Takes the lock of a database, making the file where there is none.
   *
   * @throws IllegalStateException when another process has it, or this one
   */
  static SqliteLock take(Path database) throws IOException {
    Path path = database.resolveSibling(database.getFileName() + SUFFIX);
    boolean foundThere = Files.exists(path);
    FileChannel channel = PrivateFiles.open(path);
    try {
      if (tryLock(channel) == null) {
        throw new IllegalStateException(
            "the database " + database + " is in use by another process");
      }
      return new SqliteLock(database, path, channel, foundThere);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // Held by this very process, which is no better.
    }
  }

  /** What it remembers of the database. */
  SqliteMark mark() {
    return mark;
  }

  /** Whether the file was there before: then the database was served here. */
  boolean foundThere() {
    return foundThere;
  }

  /** Lets the next process in. */
  @Override
  public void close() throws IOException {
    try (FileChannel closing = channel) {
      if (closing.isOpen()) {
        mark.force();
      }
    }
  }
}
