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
 * Holds to the rule that text does not depend on the locale of the process what the compiler's
 * checks do not see: programs that the build does not compile, and references to methods.
 */
class DefaultLocaleTest {

  private static final Pattern CALLS =
      Pattern.compile(
          "\\.formatted\\(|\\b(?:String\\.format|printf)\\((?!\\s*Locale\\.ROOT\\b)"
              + "|\\bto(?:Lower|Upper)Case\\(\\)|\\bnew Formatter\\(|\\bofPattern\\([^,()]*\\)");

  private static final Pattern REFERENCES =
      Pattern.compile("::formatted|\\bString::(?:format|toLowerCase|toUpperCase)|::printf");

  private static List<Path> programs(String... folders) throws IOException {
    List<Path> programs = new ArrayList<>();
    for (String folder : folders) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .filter(file -> !file.endsWith("DefaultLocaleTest.java"))
            .forEach(programs::add);
      }
    }
    return programs;
  }

  private static List<String> found(Pattern pattern, List<Path> programs) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path program : programs) {
      pattern
          .matcher(Files.readString(program))
          .results()
          .forEach(match -> found.add(program + ": " + match.group()));
    }
    return found;
  }

  @Test
  void noProgramBesideTheBuildFormatsInTheDefaultLocale() throws IOException {
    List<Path> programs = programs("scripts", "src/examples", "src/jmh");
    assertThat(programs).hasSizeGreaterThan(30);
    assertThat(found(CALLS, programs)).isEmpty();
  }

  @Test
  void noReferenceFormatsInTheDefaultLocale() throws IOException {
    List<Path> programs = programs("scripts", "src");
    assertThat(programs).hasSizeGreaterThan(500);
    assertThat(found(REFERENCES, programs)).isEmpty();
  }
}
