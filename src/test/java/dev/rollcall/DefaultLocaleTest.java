package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the programs that the build does not compile to what the compiler's checks ask of the
 * others: text does not depend on the locale of the process.
 */
class DefaultLocaleTest {

  private static final List<Path> FOLDERS =
      List.of(Path.of("scripts"), Path.of("src", "examples"), Path.of("src", "jmh"));

  private static final Pattern DEPENDS_ON_THE_LOCALE =
      Pattern.compile(
          "\\.formatted\\(|\\b(?:String\\.format|printf)\\((?!\\s*Locale\\.ROOT\\b)"
              + "|\\bto(?:Lower|Upper)Case\\(\\)|\\bnew Formatter\\(|\\bofPattern\\([^,()]*\\)");

  @Test
  void noProgramBesideTheBuildFormatsInTheDefaultLocale() throws IOException {
    List<Path> programs = new ArrayList<>();
    for (Path folder : FOLDERS) {
      try (Stream<Path> files = Files.walk(folder)) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(programs::add);
      }
    }
    assertThat(programs).hasSizeGreaterThan(30);
    for (Path program : programs) {
      List<String> found =
          DEPENDS_ON_THE_LOCALE
              .matcher(Files.readString(program))
              .results()
              .map(m -> m.group())
              .toList();
      assertThat(found).as(program.toString()).isEmpty();
    }
  }
}
