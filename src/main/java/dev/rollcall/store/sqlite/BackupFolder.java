package dev.rollcall.store.sqlite;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of the copies: how they are named, and which of them stay.
 *
 * <p>A copy is known by its name. Other files are not touched, and neither is a copy that a process
 * was started on, which its files beside it tell of: it is somebody's database by now. Blocks; used
 * by one thread at a time.
 *
 * @param keep how many copies stay, at least 1
 */
record BackupFolder(Path folder, int keep) {
  private static final Logger LOG = LoggerFactory.getLogger(BackupFolder.class);

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String NAME = "rollcall-[0-9]{8}T[0-9]{6}\\.[0-9]{3}Z\\.db";
  private static final Pattern COPY = Pattern.compile(NAME);
  private static final Pattern PARTIAL = Pattern.compile(NAME + "\\.partial");

  /** One that was written to more recently may be another process' that is still at it. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  /** Keeps others from reading the copies that an earlier version wrote. */
  void tighten() {
    try {
      copies(COPY).forEach(PrivateFiles::tighten);
      copies(PARTIAL).forEach(PrivateFiles::tighten);
    } catch (IOException e) {
      LOG.warn("others may be able to read the backups in {}, which can't be listed", folder, e);
    }
  }

  /** Where the next copy is to stand, which nothing does yet; makes the folder where needed. */
  Path next() throws IOException {
    PrivateFiles.createFolders(folder);
    Instant now = Instant.now();
    Path next = named(now);
    while (Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
      now = now.plusMillis(1);
      next = named(now);
    }
    return next;
  }

  private Path named(Instant at) {
    return folder.resolve("rollcall-" + STAMP.format(at) + ".db");
  }

  /** Where a copy stands until it is whole. */
  static Path partial(Path copy) {
    return copy.resolveSibling(copy.getFileName() + ".partial");
  }

  /**
   * Removes the oldest copies but for so many, never the newest one, and what is left of copies
   * whose process was killed. What can't be removed is logged.
   *
   * @param newest the copy that was just written, whatever the clock had been set to before
   */
  void prune(Path newest) {
    try {
      List<Path> others = copies(COPY);
      others.removeIf(copy -> copy.equals(newest) || isInUse(copy));
      others.sort(Comparator.comparing(copy -> copy.getFileName().toString()));
      for (Path copy : others.subList(0, Math.max(0, others.size() - (keep - 1)))) {
        remove(copy);
      }
      for (Path partial : copies(PARTIAL)) {
        if (isAbandoned(partial)) {
          remove(partial);
        }
      }
    } catch (IOException e) {
      LOG.warn("older backups in {} stay, since it can't be listed", folder, e);
    }
  }

  private static boolean isInUse(Path copy) {
    return SqliteFile.besides(copy).stream().anyMatch(Files::exists);
  }

  private static boolean isAbandoned(Path partial) throws IOException {
    Instant written = Files.getLastModifiedTime(partial).toInstant();
    return written.isBefore(Instant.now().minus(ABANDONED));
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
      LOG.info("the older backup {} was removed", file);
    } catch (IOException e) {
      LOG.warn("the older backup {} can't be removed", file, e);
    }
  }

  private List<Path> copies(Pattern name) throws IOException {
    List<Path> copies = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return copies;
    }
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            folder,
            file ->
                name.matcher(file.getFileName().toString()).matches()
                    && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))) {
      files.forEach(copies::add);
      return copies;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }
}
