import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Locale;

/**
 * Stores with users in them, made by Rollcall's own import and kept for the next time, since a
 * million of them take a minute.
 */
final class Seeds {

  private final Fleet fleet;

  Seeds(Fleet fleet) {
    this.fleet = fleet;
  }

  /**
   * A store of one's own with the users 1 to so many. What is kept of it lies in the clone of the
   * Rollcall that made it, since an earlier one may not read what a later one wrote.
   */
  Path copy(Fleet.Build build, int users, Path folder) throws IOException, InterruptedException {
    Path kept = Files.createDirectories(build.root().resolve("target/bench"));
    Path seed = kept.resolve("users-" + users + ".db");
    if (!Files.exists(seed)) {
      System.err.println(
          "bench: making a store of " + users + " users for " + build.name() + ", once");
      make(build, users, seed, folder);
    }
    return Files.copy(seed, folder.resolve("rollcall.db"), StandardCopyOption.REPLACE_EXISTING);
  }

  private void make(Fleet.Build build, int users, Path seed, Path folder)
      throws IOException, InterruptedException {
    Path lines = folder.resolve("users.ndjson");
    Path store = folder.resolve("seed.db");
    try (Server server = fleet.rollcall(build, store)) {
      importInto(server.url(""), users, lines);
    }
    if (Files.exists(Path.of(store + "-wal"))) {
      throw new IOException("Rollcall did not close " + store);
    }
    // The move makes it appear as a whole or not at all.
    Files.move(store, seed, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Has a Rollcall import the users 1 to so many.
   *
   * @param lines a file that is written for that, and deleted
   */
  static void importInto(String url, int users, Path lines)
      throws IOException, InterruptedException {
    try (Writer writer = Files.newBufferedWriter(lines)) {
      for (int id = 1; id <= users; id++) {
        writer.write(user(id));
        writer.write('\n');
      }
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/users/import"))
            .timeout(Duration.ofMinutes(10))
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofFile(lines))
            .build();
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    if (!response.body().startsWith("{\"created\":" + users + ",")) {
      throw new IOException("the import of users failed: " + response.body());
    }
    Files.delete(lines);
  }

  /** The program in axum/ makes up the same ones. */
  private static String user(int id) {
    return String.format(
        Locale.ROOT,
        """
        {"id":%d,"name":"User %d","email":"user-%d@example.org","attributes":{"team":"blue"}}\
        """,
        id,
        id,
        id);
  }
}
