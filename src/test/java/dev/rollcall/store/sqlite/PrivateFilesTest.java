package dev.rollcall.store.sqlite;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PrivateFilesTest extends SqliteFiles {

  private static void write(SqliteStore store) {
    await(store.write(new UserWrite.Create(new UserDraft(null, "A", null, "{}"), null)));
  }

  /** The permissions of all that is below a folder, by their names. */
  private static Map<String, String> permissions(Path below) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(below)) {
      for (Path file : files.filter(file -> !file.equals(below)).toList()) {
        found.put(below.relativize(file).toString(), permission(file));
      }
    }
    return found;
  }

  private static String permission(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static Path give(Path file, String permissions) throws IOException {
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void whatAStoreAndItsBackupsMakeIsItsOwnersAlone() throws IOException {
    Path data = folder.resolve("a/b");
    try (SqliteStore store = open(data.resolve("users.db"))) {
      write(store);
      String copy =
          await(store.backup(data.resolve("c/d"), 7).run()).path().getFileName().toString();
      assertThat(permissions(folder))
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(
                  "a",
                  "rwx------",
                  "a/b",
                  "rwx------",
                  "a/b/users.db",
                  "rw-------",
                  "a/b/users.db-wal",
                  "rw-------",
                  "a/b/users.db-shm",
                  "rw-------",
                  "a/b/users.db.lock",
                  "rw-------",
                  "a/b/c",
                  "rwx------",
                  "a/b/c/d",
                  "rwx------",
                  "a/b/c/d/" + copy,
                  "rw-------"));
    }
  }

  @Test
  void whatAnEarlierVersionLeftIsTightenedAtTheStart() throws IOException {
    Path data = give(Files.createDirectory(folder.resolve("data")), "rwxr-xr-x");
    Path backups = give(Files.createDirectory(data.resolve("backups")), "rwxr-xr-x");
    Path file = data.resolve("users.db");
    try (SqliteStore store = open(file)) {
      write(store);
      await(store.backup(backups, 7).run());
      Path killed = Files.createDirectory(folder.resolve("killed"));
      for (String suffix : List.of("", "-wal", "-shm", ".lock")) {
        // As a process leaves them that is killed.
        Files.copy(data.resolve("users.db" + suffix), killed.resolve("users.db" + suffix));
        give(killed.resolve("users.db" + suffix), "rw-r--r--");
      }
    }
    Path copy;
    try (Stream<Path> copies = Files.list(backups)) {
      copy = give(copies.findFirst().orElseThrow(), "rw-rw-rw-");
    }
    Path foreign = give(Files.createFile(backups.resolve("rollcall-mine.db")), "rw-r--r--");
    Path linked = give(Files.createFile(folder.resolve("linked")), "rw-r--r--");
    Files.createSymbolicLink(backups.resolve("rollcall-20260101T000000.000Z.db"), linked);

    Path killed = folder.resolve("killed");
    try (SqliteStore store = open(killed.resolve("users.db"))) {
      store.backup(backups, 7);
      assertThat(permissions(killed)).hasSize(4).allSatisfy(this::isPrivate);
      assertThat(permission(copy)).isEqualTo("rw-------");
      assertThat(permission(foreign)).as("what is not ours").isEqualTo("rw-r--r--");
      assertThat(permission(linked)).as("what a link leads to").isEqualTo("rw-r--r--");
      assertThat(permission(data)).as("a folder that was there").isEqualTo("rwxr-xr-x");
    }
  }

  private void isPrivate(String name, String permissions) {
    assertThat(permissions).as(name).isEqualTo("rw-------");
  }

  @Test
  void aDatabaseThatALinkNamesIsMadeWhereTheLinkLeads() throws IOException {
    Path target = folder.resolve("target.db");
    Path link = Files.createSymbolicLink(folder.resolve("link.db"), target);
    try (SqliteStore store = open(link)) {
      write(store);
    }
    assertThat(permission(target)).isEqualTo("rw-------");
    assertThat(Files.size(target)).isPositive();
  }

  @Test
  void permissionsThatTheOwnerTookFromItselfAreNotGivenBack() throws IOException {
    Path file = give(Files.createFile(folder.resolve("file")), "r--r--r--");
    PrivateFiles.tighten(file);
    assertThat(permission(file)).isEqualTo("r--------");
  }

  @Test
  void aFileWhereAFolderShouldBeIsNotTakenForOne() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> PrivateFiles.createFolders(file.resolve("below")))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessage(file.toString());
  }

  @Test
  void aFileSystemWithoutSuchPermissionsIsUsedAsItIs() throws IOException {
    URI zip = URI.create("jar:" + folder.resolve("files.zip").toUri());
    try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Path file = files.getPath("/a/b/file");
      PrivateFiles.createFolders(files.getPath("/a/b"));
      PrivateFiles.createNew(file);
      try (FileChannel channel = PrivateFiles.open(file.resolveSibling("other"))) {
        assertThat(channel.isOpen()).isTrue();
      }
      PrivateFiles.tighten(file);
      assertThat(file).isRegularFile();
    }
  }
}
