package dev.rollcall.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MigrationsTest {
  private static final Path FOLDER = Path.of("src", "main", "resources", "db");

  @Test
  void theNewestNumbersAreThoseOfTheNewestFiles() throws IOException {
    assertThat(newestIn("sqlite")).isEqualTo(Migrations.SQLITE.newest());
    assertThat(newestIn("postgres")).isEqualTo(Migrations.POSTGRES.newest());
  }

  private static int newestIn(String folder) throws IOException {
    try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
      return files
          .map(file -> file.getFileName().toString())
          .mapToInt(name -> Integer.parseInt(name.substring(1, name.indexOf("__"))))
          .max()
          .orElseThrow();
    }
  }
}
