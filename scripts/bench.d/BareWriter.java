import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The least that a commit costs on a disk: writes so many bytes into a file that has its size
 * already, as a log that begins anew does, and waits until the disk has them, again and again.
 */
final class BareWriter {

  /** As large as the log of the store becomes. */
  private static final int FILE_BYTES = 16 << 20;

  private final Path folder;

  /** One that writes to a folder's disk. */
  BareWriter(Path folder) {
    this.folder = folder;
  }

  /**
   * Commits for so many seconds.
   *
   * @param bytes of a commit
   * @return the median of what they took, in milliseconds
   */
  double medianMillis(int bytes, int seconds) throws IOException {
    Path file = folder.resolve("bare-writer");
    try (FileChannel log =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      write(log, 0, FILE_BYTES);
      log.force(true);
      double[] took = new double[0];
      int commits = 0;
      long position = 0;
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      for (long began = System.nanoTime(); began < until; began = System.nanoTime()) {
        if (position + bytes > FILE_BYTES) {
          position = 0;
        }
        write(log, position, bytes);
        log.force(false);
        position += bytes;
        if (commits == took.length) {
          took = Arrays.copyOf(took, Math.max(1024, 2 * commits));
        }
        took[commits++] = (System.nanoTime() - began) / 1e6;
      }
      Arrays.sort(took, 0, commits);
      return took[commits / 2];
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static void write(FileChannel log, long position, int bytes) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(bytes);
    while (content.hasRemaining()) {
      log.write(content, position + content.position());
    }
  }
}
