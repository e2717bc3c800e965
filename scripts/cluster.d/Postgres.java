import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A PostgreSQL on a free port of 127.0.0.1, from the binaries that the tests use, in a folder that
 * is its own. It says where it is, and ends when its standard input does.
 */
public final class Postgres {

  private Postgres() {}

  public static void main(String[] args) throws Exception {
    EmbeddedPostgres.Builder server =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setDataDirectory(Path.of(args[0]))
            .setCleanDataDirectory(false);
    try (EmbeddedPostgres running = server.start()) {
      System.out.printf(
          Locale.ROOT,
          "Ready at postgresql://postgres:postgres@127.0.0.1:%d/postgres%n",
          running.getPort());
      while (System.in.read() >= 0) {
        // Nothing that it is told is of interest, but that there is still somebody.
      }
    }
  }
}
