package dev.rollcall;

import dev.rollcall.cluster.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * An archive of the jar's loaded classes (AppCDS), which takes half of the work off each start of a
 * process. It is made once for a jar, whatever JVMs run the tests.
 */
final class ClassArchive {

  private ClassArchive() {}

  /** The flags of a JVM that uses the archive, and says nothing where it can't. */
  static List<String> flags(Path jar) {
    return List.of("-XX:SharedArchiveFile=" + made(jar), "-Xlog:cds=off", "-Xlog:cds+dynamic=off");
  }

  private static synchronized Path made(Path jar) {
    Path archive = jar.resolveSibling("rollcall-it.jsa");
    try (FileChannel channel =
        FileChannel.open(
            jar.resolveSibling("rollcall-it.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      FileLock unused = channel.lock(); // Held until the channel is closed.
      if (!Files.exists(archive) || isOlder(archive, jar)) {
        make(archive);
      }
      return archive;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOlder(Path archive, Path jar) throws IOException {
    return Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) < 0;
  }

  private static void make(Path archive) throws IOException {
    Path folder = Files.createTempDirectory("rollcall-it");
    Path fresh = folder.resolve("fresh.jsa");
    try (RollcallProcess training =
        RollcallProcess.in(folder)
            .jvm("-XX:ArchiveClassesAtExit=" + fresh, "-Xlog:disable", "-Xlog:all=error:stderr")
            .set("cluster.port", Integer.toString(FreePorts.findOne()))
            .withoutArchive()
            .start("--cluster")) {
      training.client().sendJson("PUT", "/users/1", "{\"name\":\"Alice\"}");
      training.client().send("GET", "/users/1");
      training.terminate();
      training.awaitExit();
    }
    Files.move(fresh, archive, StandardCopyOption.REPLACE_EXISTING);
    try (Stream<Path> rest = Files.walk(folder)) {
      rest.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }
}
