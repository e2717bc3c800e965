package dev.rollcall.store.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the lock file remembers of the database beside it, so that one that was put in its place can
 * be told: which store it was, how far it had come, and which files these two were.
 *
 * <p>It is written after each commit and not waited for. Since the commit is on the disk before,
 * the mark is never ahead of its own database, whatever dies when; it may be behind after a loss of
 * power. Used by one thread at a time.
 */
final class SqliteMark {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteMark.class);
  private static final long MAGIC = 0x726F6C6C63616C31L;
  private static final int ID_BYTES = 2 * Long.BYTES;
  private static final int CHECKED = 7 * Long.BYTES;
  private static final int BYTES = CHECKED + Long.BYTES;

  /** Which file it is where the file system does not say. */
  private static final long UNNUMBERED = 0;

  /**
   * What it says.
   *
   * @param store the id of the database
   * @param lastSeq the newest seq that it had given out
   * @param nextId the next id that it would have assigned
   * @param file the number of the database file in its file system
   * @param lock the number of the lock file
   */
  record Content(UUID store, long lastSeq, long nextId, long file, long lock) {}

  private final FileChannel lockFile;
  private final Path path;
  private final Path lockPath;
  private final ByteBuffer buffer = ByteBuffer.allocate(BYTES);
  private final CRC32 checksum = new CRC32();
  private boolean unwritable;

  SqliteMark(Path path, Path lockPath, FileChannel lockFile) {
    this.path = path;
    this.lockPath = lockPath;
    this.lockFile = lockFile;
  }

  /** What was written last; null where there is nothing, or nothing that can be understood. */
  @Nullable Content read() throws IOException {
    ByteBuffer read = ByteBuffer.allocate(BYTES);
    int got = 0;
    while (read.hasRemaining() && got >= 0) {
      got = lockFile.read(read, read.position());
    }
    if (read.hasRemaining() || read.getLong(CHECKED) != checked(read) || read.getLong(0) != MAGIC) {
      return null;
    }
    read.position(Long.BYTES);
    UUID store = new UUID(read.getLong(), read.getLong());
    return new Content(store, read.getLong(), read.getLong(), read.getLong(), read.getLong());
  }

  /** Whether what it says is of these two files, as far as the file system tells. */
  boolean isOfTheseFiles(Content content) throws IOException {
    return content.file == number(path) && content.lock == number(lockPath);
  }

  /** A copy of a file has another number than the file. */
  private static long number(Path path) throws IOException {
    try {
      return ((Number) Files.getAttribute(path, "unix:ino")).longValue();
    } catch (UnsupportedOperationException | IllegalArgumentException notUnix) {
      return UNNUMBERED;
    }
  }

  /** Begins to speak of a database; on the disk when it returns. */
  void begin(UUID store, long lastSeq, long nextId) throws IOException {
    buffer.clear().putLong(MAGIC);
    buffer.putLong(store.getMostSignificantBits()).putLong(store.getLeastSignificantBits());
    buffer.putLong(lastSeq).putLong(nextId);
    buffer.putLong(number(path)).putLong(number(lockPath));
    write();
    lockFile.force(true);
  }

  /** Takes note of a commit. */
  void committed(long lastSeq, long nextId) {
    int numbers = Long.BYTES + ID_BYTES;
    buffer.putLong(numbers, lastSeq).putLong(numbers + Long.BYTES, nextId);
    try {
      write();
    } catch (IOException e) {
      if (!unwritable) {
        LOG.warn("the lock file {} can't be written; it would not tell a restore", lockPath, e);
        unwritable = true;
      }
    }
  }

  private void write() throws IOException {
    buffer.putLong(CHECKED, checked(buffer)).position(0).limit(BYTES);
    while (buffer.hasRemaining()) {
      lockFile.write(buffer, buffer.position());
    }
  }

  private long checked(ByteBuffer content) {
    checksum.reset();
    checksum.update(content.duplicate().position(0).limit(CHECKED));
    return checksum.getValue();
  }

  /** Waits until the disk has what was written. */
  void force() throws IOException {
    lockFile.force(false);
  }
}
