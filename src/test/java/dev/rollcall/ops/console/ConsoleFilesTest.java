package dev.rollcall.ops.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the files of the console to what they may be. */
class ConsoleFilesTest {
  private static final Path SOURCES = Path.of("src/main/resources/console");
  private static final int LONGEST_FILE = 250;

  private static List<Path> sources() throws IOException {
    try (Stream<Path> all = Files.list(SOURCES)) {
      return all.toList();
    }
  }

  @Test
  void allThatAreInTheFolderAreServedAndNothingElseButLibraries() throws IOException {
    Set<String> own =
        ConsoleFiles.all().keySet().stream()
            .filter(name -> !name.startsWith("lib/"))
            .collect(Collectors.toSet());
    assertThat(own)
        .isEqualTo(
            sources().stream()
                .map(file -> String.valueOf(file.getFileName()))
                .collect(Collectors.toSet()));
  }

  @Test
  void noneIsLongerThanAReaderHoldsOrReachesElsewhere() throws IOException {
    for (Path file : sources()) {
      String text = Files.readString(file);
      assertThat(text.lines().count()).as("lines of %s", file).isLessThanOrEqualTo(LONGEST_FILE);
      assertThat(
              text.replace("http://www.w3.org/2000/svg", "").replace("http://127.0.0.1:8080", ""))
          .as("%s", file)
          .doesNotContainPattern("https?://|\\burl\\(|@import|eval\\(|innerHTML|document\\.write");
    }
  }

  @Test
  void librariesHaveTheirLicencesBesideThem() {
    assertThat(text("lib/htm-license.txt")).contains("Apache License");
    assertThat(text("preact-license.txt")).contains("Jason Miller").contains("MIT");
    assertThat(text("lib/uplot-license.txt")).contains("Leon Sorokin").contains("MIT");
    // Otherwise it would load what the page does not have.
    assertThat(text("lib/preact.js")).doesNotContainPattern("import ?[{\"']| from ?\"");
    assertThat(text("lib/htm.js")).doesNotContain("import");
    assertThat(text("lib/uplot.js")).doesNotContainPattern("import ?[{\"']");
  }

  private static String text(String name) {
    ConsoleFile file = Objects.requireNonNull(ConsoleFiles.all().get(name), name);
    return file.content().toString(StandardCharsets.UTF_8);
  }
}
