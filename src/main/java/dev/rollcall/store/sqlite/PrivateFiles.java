package dev.rollcall.store.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files and folders that their owner alone can read: 0600 and 0700, whatever the umask is.
 *
 * <p>They are made with these permissions, since what is tightened afterwards can be opened in
 * between. On a file system without such permissions (Windows) they are made as any other. Blocks;
 * safe for use by all threads.
 */
final class PrivateFiles {
  private static final Logger LOG = LoggerFactory.getLogger(PrivateFiles.class);

  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

  private PrivateFiles() {}

  /** Makes a folder, and those above it, where there is none. One that is there stays as it is. */
  static void createFolders(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path above = folder.getParent();
    if (above != null) {
      createFolders(above);
    }
    try {
      Files.createDirectory(folder, attributes(folder, FOLDER));
      complete(folder, FOLDER);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      } // Else somebody else was quicker, or it is ".." of another.
    }
  }

  /** Opens a file for reading and writing, making it where there is none. */
  static FileChannel open(Path file) throws IOException {
    return open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /**
   * Makes an empty file.
   *
   * @throws FileAlreadyExistsException where there is one
   */
  static void createNew(Path file) throws IOException {
    open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE).close();
  }

  private static FileChannel open(Path file, OpenOption... options) throws IOException {
    boolean isNew = Files.notExists(file);
    FileChannel channel = FileChannel.open(file, Set.of(options), attributes(file, FILE));
    if (isNew) {
      try {
        complete(file, FILE);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    }
    return channel;
  }

  /** Gives the owner what the umask took away even of that. */
  private static void complete(Path made, Set<PosixFilePermission> wanted) throws IOException {
    if (hasPermissions(made) && !Files.getPosixFilePermissions(made).containsAll(wanted)) {
      Files.setPosixFilePermissions(made, wanted);
    }
  }

  /**
   * Takes from others what an earlier version, or whoever put the file there, gave them. Where that
   * can't be done, as when the file is another user's, it is logged. A link is left alone, and so
   * is what it leads to.
   */
  static void tighten(Path file) {
    if (!hasPermissions(file) || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      Set<PosixFilePermission> present = Files.getPosixFilePermissions(file);
      Set<PosixFilePermission> kept = EnumSet.noneOf(PosixFilePermission.class);
      kept.addAll(present);
      kept.retainAll(FILE);
      if (!kept.equals(present)) {
        Files.setPosixFilePermissions(file, kept);
      }
    } catch (NoSuchFileException e) {
      LOG.debug("{} is gone, which needs no permissions", file);
    } catch (IOException e) {
      LOG.warn("others may be able to read {}, and that can't be changed", file, e);
    }
  }

  private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
    return hasPermissions(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  private static boolean hasPermissions(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
