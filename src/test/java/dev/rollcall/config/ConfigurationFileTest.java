package dev.rollcall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.rollcall.config.reading.ConfigurationFaults;
import dev.rollcall.config.reading.ConfigurationFile;
import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Layers;
import dev.rollcall.config.reading.Section;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationFileTest extends LoadingTest {
  private static final Path SHIPPED = Path.of("conf/rollcall.yaml");

  @Test
  void theShippedFileSaysTheDefaults() throws Exception {
    assertThat(Settings.load(Map.of(), Optional.of(SHIPPED), List.of()).settings())
        .isEqualTo(Settings.of());
  }

  @Test
  void theShippedFileNamesEveryKeyAndNoOther() throws Exception {
    Faults faults = new Faults();
    Layers layers = new Layers(Map.of(), List.of(), faults);
    Settings.from(Section.root(ConfigurationFile.read(SHIPPED, faults), layers, faults));

    Set<String> named = new LinkedHashSet<>();
    // A section, a key of it, a section of it that may be left out, a key of that.
    Pattern line =
        Pattern.compile(
            "(\\w+):.*|  (?:# )?(\\w+): \\S+|  (?:# )?(\\w+):|  (?:# )?  (\\w+): (?:\\S+|\\[.*)");
    String section = "";
    String inner = "";
    for (String text : Files.readAllLines(SHIPPED)) {
      Matcher matcher = line.matcher(text);
      if (!matcher.matches()) {
        continue;
      }
      if (matcher.group(1) != null) {
        section = matcher.group(1);
      } else if (matcher.group(2) != null) {
        named.add(section + "." + matcher.group(2));
      } else if (matcher.group(3) != null) {
        inner = matcher.group(3);
      } else if (!Set.of("sources", "views").contains(section)) {
        // What stands in those two is an example, whose names are anybody's.
        named.add(section + "." + inner + "." + matcher.group(4));
      }
    }
    assertThat(named).containsExactlyInAnyOrderElementsOf(layers.keys());
  }

  @Test
  void theShippedFileSaysTheRangeOfEachKey() throws Exception {
    Map<String, String> comments = comments();
    Map<String, String> declared = declared();
    assertThat(declared).hasSizeGreaterThan(40);
    Pattern range = Pattern.compile("from (\\S+) to (\\S+?)[ ,]?(?:,? .*)?");
    declared.forEach(
        (key, allowed) -> {
          String comment = comments.getOrDefault(key, "");
          assertThat(comment).as(key).isNotBlank();
          Matcher bounds = range.matcher(allowed.replaceFirst("^\\D*?(?=from )", ""));
          if (bounds.matches()) {
            assertThat(comment).as(key).contains(bounds.group(2));
            assertThat(comment)
                .as(key)
                .matches(
                    "(?s).*("
                        + Pattern.quote(bounds.group(1).replaceFirst("^0B$", "0"))
                        + "|longer than).*");
          }
        });
  }

  /** What is said above each key of the shipped file, or above the one before that it goes with. */
  private static Map<String, String> comments() throws IOException {
    Map<String, String> comments = new HashMap<>();
    Deque<String> path = new ArrayDeque<>();
    StringBuilder said = new StringBuilder();
    boolean ended = false;
    Pattern line = Pattern.compile("( *)(?:# )?( *)(\\w+):(?: .*)?");
    for (String text : Files.readAllLines(SHIPPED)) {
      Matcher key = line.matcher(text);
      boolean isKey = key.matches() && (!text.contains("#") || isCommentedKey(text));
      if (!isKey) {
        if (ended) {
          said.setLength(0);
        }
        ended = false;
        said.append(text.replaceFirst("^ *# ?", "")).append(' ');
        continue;
      }
      int depth = (key.group(1).length() + key.group(2).length()) / 2;
      while (path.size() > depth) {
        path.removeLast();
      }
      path.addLast(key.group(3));
      comments.put(String.join(".", path), said.toString());
      ended = true;
    }
    return comments;
  }

  /** Whether a comment is a key with a value that is left out here, and no sentence. */
  private static boolean isCommentedKey(String text) {
    return text.matches(" +# +?\\w+:( \\S+)?");
  }

  /** The keys that records of settings declare, and what each may be. */
  private static Map<String, String> declared() throws IllegalAccessException {
    Map<String, String> rules = new TreeMap<>();
    Deque<Class<?>> records = new ArrayDeque<>(List.of(Settings.class));
    while (!records.isEmpty()) {
      Class<?> type = records.pop();
      for (RecordComponent component : type.getRecordComponents()) {
        if (component.getType().isRecord()) {
          records.push(component.getType());
        }
      }
      for (Field field : type.getDeclaredFields()) {
        if (field.getType() == Key.class) {
          field.setAccessible(true);
          Key<?> key = (Key<?>) field.get(null);
          rules.put(key.path(), key.allowed());
        }
      }
    }
    return rules;
  }

  @Test
  void theExampleOfTheShippedFileIsValid() throws Exception {
    Settings settings = settings(example());
    assertThat(settings.sources().keySet())
        .containsExactly("account", "orders", "search", "company");
    assertThat(settings.views().keySet()).containsExactly("profile");
    assertThat(settings.http()).isEqualTo(Settings.of().http());
  }

  @Test
  void theExampleNamesEveryKeyOfASourceAndOfAView() throws Exception {
    Faults faults = new Faults();
    Layers layers = new Layers(Map.of(), List.of(), faults);
    Path file = Files.writeString(folder.resolve("example.yaml"), example());
    Settings.from(Section.root(ConfigurationFile.read(file, faults), layers, faults));
    assertThat(faults.lines()).isEmpty();

    Set<String> known = new TreeSet<>();
    for (String key : layers.keys()) {
      if (key.matches("(sources|views)\\..*")) {
        known.add(
            key.replaceFirst("\\.\\w+\\.", ".*.").replaceFirst("(headers|fields|body)\\..*", "$1"));
      }
    }
    Set<String> named = new TreeSet<>();
    JsonNode tree = new YAMLMapper().readTree(example());
    for (String section : List.of("sources", "views")) {
      for (JsonNode each : tree.get(section)) {
        names(section + ".*", each, named);
      }
    }
    assertThat(named).containsExactlyElementsOf(known);
  }

  /** Adds the keys that have values; what is below some of them are no keys of ours. */
  private static void names(String path, JsonNode node, Set<String> names) {
    if (node.isObject() && !path.matches(".*\\.(headers|fields|body)")) {
      node.properties().forEach(e -> names(path + "." + e.getKey(), e.getValue(), names));
    } else {
      names.add(path);
    }
  }

  /** The shipped file with its example of sources and views no longer commented out. */
  private static String example() throws IOException {
    StringBuilder text = new StringBuilder();
    boolean within = false;
    for (String line : Files.readAllLines(SHIPPED)) {
      if (!line.isEmpty() && line.charAt(0) != ' ') {
        within = line.equals("sources:") || line.equals("views:");
      }
      text.append(within ? line.replaceFirst("^  # ", "  ") : line).append('\n');
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "# nothing\n", "---\n", "http:\n", "\uFEFFhttp: {}\n", "{}"})
  void aFileWithNothingInItMeansTheDefaults(String yaml) throws Exception {
    assertThat(settings(yaml)).isEqualTo(Settings.of());
  }

  @Test
  void aSyntaxErrorIsOneLineWithItsPlace() {
    assertThat(faults("http:\n  port: 1: 2\n"))
        .containsExactly(
            "rollcall.yaml: line 2, column 10: not valid YAML:"
                + " mapping values are not allowed here");
    assertThat(faults("http: {port: 80"))
        .containsExactly(
            "rollcall.yaml: line 1, column 16: not valid YAML:"
                + " expected ',' or '}', but got <stream end>");
  }

  @Test
  void aSyntaxErrorDoesNotHideWhatElseIsWrong() {
    assertThat(faults("http: [", Map.of(), "http.port=x")).hasSize(2);
  }

  @Test
  void aKeyThatStandsTwiceIsRefused() {
    assertThat(faults("http:\n  port: 1\n  port: 2\n"))
        .containsExactly("rollcall.yaml: line 3, column 7: not valid YAML: Duplicate field 'port'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"- a\n", "text\n", "5\n", "true\n", "[]\n"})
  void aRootThatIsNoSectionIsRefused(String yaml) {
    assertThat(faults(yaml))
        .singleElement()
        .satisfies(
            line ->
                assertThat(line)
                    .startsWith("rollcall.yaml: ")
                    .endsWith(": sections such as http: {port: 8080}"));
  }

  @Test
  void whatATreeWouldSilentlyDropIsRefused() {
    assertThat(faults("http: {port: 1}\n---\nhttp: {port: 2}\n"))
        .containsExactly("rollcall.yaml: line 3, column 1: a second document is not supported");
    assertThat(faults("http: {host: &h localhost}\nmanagement: {host: *h}\n"))
        .containsExactly("rollcall.yaml: line 2, column 20: aliases (*name) are not supported");
  }

  @Test
  void aFileThatCannotBeReadIsAFault() throws Exception {
    assertThat(unreadable(folder.resolve("none.yaml"))).endsWith(": there is no such file");
    assertThat(unreadable(folder)).endsWith(": the file cannot be read");
    Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {'a', (byte) 0xC3, '('});
    assertThat(unreadable(binary)).endsWith(": the file is not UTF-8 text");
  }

  private static String unreadable(Path file) {
    ConfigurationFaults e =
        catchThrowableOfType(
            ConfigurationFaults.class, () -> Settings.load(Map.of(), Optional.of(file), List.of()));
    assertThat(e.faults()).hasSize(1);
    return e.faults().get(0);
  }
}
