package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the sources to the sizes and words by which a stranger finds his way in them. */
class HouseTest {

  private static final Path SOURCES = Path.of("src/main/java");
  private static final Path RESOURCES = Path.of("src/main/resources");
  private static final int LONGEST_FILE = 250;
  private static final int LARGEST_PACKAGE = 25;

  /** What classes are not called: a class has the name of what it is in the field's terms. */
  private static final Set<String> METAPHORS =
      Set.of(
          "asking",
          "careful",
          "desk",
          "flight",
          "herald",
          "landed",
          "lane",
          "passenger",
          "peer",
          "question",
          "rival",
          "told");

  /** Those of them that have no other meaning in comments and names of variables either. */
  private static final Set<String> NEVER = Set.of("desk", "herald", "landed", "passenger");

  private static final Pattern TYPE =
      Pattern.compile("(?m)^ *(?:\\w+(?:-\\w+)? )*(?:class|interface|enum|record) ([A-Z]\\w*)");

  private static final Pattern WORD = Pattern.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])");

  private static final Map<Path, String> FILES = new TreeMap<>();

  @BeforeAll
  static void readAll() throws IOException {
    try (Stream<Path> all = Files.walk(SOURCES)) {
      for (Path file : all.filter(path -> path.toString().endsWith(".java")).toList()) {
        FILES.put(file, Files.readString(file));
      }
    }
    assertThat(FILES).hasSizeGreaterThan(300);
  }

  @Test
  void noFileIsLongerThanAReaderHolds() {
    assertThat(
            FILES.entrySet().stream()
                .filter(file -> file.getValue().lines().count() > LONGEST_FILE)
                .map(file -> file.getKey() + ": " + file.getValue().lines().count()))
        .as("files of more than %d lines", LONGEST_FILE)
        .isEmpty();
  }

  /** The contracts, which programs read, are as long as they have to be. */
  @Test
  void noPageScriptOrMigrationIsLongerEither() throws IOException {
    try (Stream<Path> all = Files.walk(RESOURCES)) {
      List<Path> files =
          all.filter(file -> file.toString().matches(".*\\.(css|html|js|sql)")).toList();
      assertThat(files).hasSizeGreaterThan(30);
      for (Path file : files) {
        assertThat(Files.readAllLines(file)).as("%s", file).hasSizeLessThanOrEqualTo(LONGEST_FILE);
      }
    }
  }

  @Test
  void noPackageHasMoreFilesThanAReaderOverlooks() {
    Map<String, Long> sizes =
        FILES.keySet().stream()
            .collect(
                Collectors.groupingBy(
                    file -> String.valueOf(file.getParent()), TreeMap::new, Collectors.counting()));
    assertThat(sizes.entrySet().stream().filter(size -> size.getValue() > LARGEST_PACKAGE))
        .as("packages of more than %d files", LARGEST_PACKAGE)
        .isEmpty();
  }

  @Test
  void noTwoClassesHaveOneName() {
    Map<String, List<Path>> places =
        FILES.keySet().stream()
            .filter(file -> !file.endsWith("package-info.java"))
            .collect(
                Collectors.groupingBy(
                    file -> String.valueOf(file.getFileName()), TreeMap::new, Collectors.toList()));
    assertThat(places.values().stream().filter(same -> same.size() > 1)).isEmpty();
  }

  /** Within their own class nested ones may have the same short names as those of others. */
  @Test
  void noNestedClassHasTheNameOfAFile() {
    Set<String> names = FILES.keySet().stream().map(HouseTest::classOf).collect(Collectors.toSet());
    Set<String> twice = new TreeSet<>();
    FILES.forEach(
        (file, text) -> {
          Matcher type = TYPE.matcher(text);
          while (type.find()) {
            String name = type.group(1);
            if (names.contains(name) && !name.equals(classOf(file))) {
              twice.add(name + " in " + file);
            }
          }
        });
    assertThat(twice).isEmpty();
  }

  private static String classOf(Path file) {
    return String.valueOf(file.getFileName()).replace(".java", "");
  }

  @Test
  void noClassIsNamedByAMetaphor() {
    Set<String> named = new TreeSet<>();
    FILES.forEach(
        (file, text) -> {
          Matcher type = TYPE.matcher(text);
          while (type.find()) {
            words(type.group(1))
                .filter(word -> isOneOf(METAPHORS, word))
                .forEach(word -> named.add(type.group(1) + " in " + file));
          }
        });
    assertThat(named).isEmpty();
  }

  @Test
  void noTextUsesWordsThatAreNothingButMetaphors() {
    assertThat(
            FILES.entrySet().stream()
                .flatMap(
                    file ->
                        words(file.getValue())
                            .filter(word -> isOneOf(NEVER, word))
                            .map(word -> word + " in " + file.getKey())))
        .isEmpty();
  }

  /** Whether a word is one of these, or several of one. */
  private static boolean isOneOf(Set<String> words, String word) {
    return words.contains(word)
        || (word.endsWith("s") && words.contains(word.substring(0, word.length() - 1)));
  }

  /** The words of a text, also those within a name such as {@code inFlightLimit}, in lower case. */
  private static Stream<String> words(String text) {
    return WORD.matcher(text).results().map(word -> word.group().toLowerCase(Locale.ROOT));
  }
}
