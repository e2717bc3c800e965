package dev.rollcall.store.sqlite;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Loads SQLite's native library without leaving it behind.
 *
 * <p>The driver unpacks it into the temporary folder and removes it when the JVM ends, but not when
 * the JVM is killed or halted, so that each run would leave a megabyte. Here it is unpacked into a
 * folder of its own, which is removed once the library is loaded, where the system allows that.
 */
final class SqliteLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteLibrary.class);
  private static final String FOLDER = "org.sqlite.tmpdir";
  private static boolean loaded;

  private SqliteLibrary() {}

  /**
   * Loads the library, once in a process. Blocks.
   *
   * @throws IllegalStateException with a sentence for the operator
   */
  static synchronized void load() {
    if (loaded) {
      return;
    }
    try {
      if (System.getProperty(FOLDER) == null && System.getProperty("org.sqlite.lib.path") == null) {
        loadFromFolderOfItsOwn();
      } else {
        SQLiteJDBCLoader.initialize(); // The operator has said where it is, or is to go.
      }
      loaded = true;
    } catch (IOException e) {
      throw new IllegalStateException(
          "the temporary folder " + System.getProperty("java.io.tmpdir") + " can't be written", e);
    } catch (Exception e) {
      // The driver declares no narrower one.
      throw new IllegalStateException("SQLite's native library can't be loaded: " + e, e);
    }
  }

  private static void loadFromFolderOfItsOwn() throws Exception {
    Path folder = Files.createTempDirectory("rollcall-sqlite");
    System.setProperty(FOLDER, folder.toString());
    try {
      SQLiteJDBCLoader.initialize();
    } finally {
      System.clearProperty(FOLDER);
      remove(folder);
    }
  }

  private static void remove(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      // Windows keeps a loaded library; the driver removes it later.
      LOG.debug("{} stays behind", folder, e);
    }
  }
}
