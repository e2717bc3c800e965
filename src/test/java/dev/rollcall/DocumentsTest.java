package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.rollcall.config.Settings;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * The documents: their links, and that what they name is there. What they show of a session is for
 * {@link DocumentsIT}.
 */
class DocumentsTest {

  private static final Path MAIN = Path.of("src", "main", "java", "dev", "rollcall");
  private static final Path TESTS = Path.of("src", "test", "java", "dev", "rollcall");
  private static final Path CONFIGURATION = Path.of("conf", "rollcall.yaml");

  private static final Pattern KEY =
      Pattern.compile("([a-z][A-Za-z]*(?:\\.[A-Za-z]+)+)(?:[:=].*)?");
  private static final Pattern SET = Pattern.compile("--set ([a-z][\\w.]+)=");
  private static final Pattern NAMED_CLASS =
      Pattern.compile("((?:[a-z]+\\.)+)([A-Z]\\w+)(?:[.#]\\w+)?");
  private static final Pattern OUR_FILE =
      Pattern.compile("(?<![\\w/.-])(?:scripts|conf|src)/[\\w./-]*\\w");
  private static final Pattern TEST_NAMED =
      Pattern.compile("-D(?:it\\.)?test='?(\\w+(?:Test|IT))\\b");

  @TempDir Path folder;

  static List<Page> pages() {
    return Page.all();
  }

  @Test
  void theReadmeIsReadInFiveMinutes() {
    assertThat(Page.readme().text().split("\\s+", -1)).hasSizeLessThan(1000);
  }

  @Test
  void theReadmeLeadsToEveryPage() {
    Set<Path> linked =
        Page.readme().links().stream()
            .map(link -> Path.of(link.replaceFirst("#.*", "")))
            .collect(Collectors.toSet());
    assertThat(linked).containsAll(pages().stream().map(Page::file).skip(1).toList());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsSomewhere(Page page) {
    for (String link : page.links()) {
      if (link.startsWith("https://")) {
        continue;
      }
      String[] parts = link.split("#", 2);
      Path folder = Optional.ofNullable(page.file().getParent()).orElse(Path.of(""));
      Path target = parts[0].isEmpty() ? page.file() : folder.resolve(parts[0]).normalize();
      assertThat(target).as(link).exists();
      if (parts.length == 2) {
        assertThat(Page.of(target).anchors()).as(link).contains(parts[1]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyKeyIsToldInTheConfigurationFile(Page page) throws IOException {
    Set<String> known = keys();
    assertThat(known).contains("http.port", "cluster.tls.trust", "bus.bridge.inbound", "store.uri");
    Set<String> sections = known.stream().map(DocumentsTest::section).collect(Collectors.toSet());
    List<String> named = new ArrayList<>();
    for (String span : page.spans()) {
      Matcher key = KEY.matcher(span);
      if (key.matches()
          && sections.contains(section(key.group(1)))
          && !Files.isDirectory(MAIN.resolve(key.group(1).replace('.', '/')))
          && !NAMED_CLASS.matcher(span).matches()) {
        named.add(key.group(1));
      }
    }
    // A session may show what a wrong one gets.
    page.blocks("sh")
        .forEach(block -> SET.matcher(block).results().forEach(m -> named.add(m.group(1))));
    page.spans().forEach(span -> SET.matcher(span).results().forEach(m -> named.add(m.group(1))));
    assertThat(named).filteredOn(key -> !known.contains(key)).isEmpty();
  }

  private static String section(String key) {
    return key.substring(0, (key + ".").indexOf('.'));
  }

  /** The keys of the file and the sections around them, those that are commented out included. */
  private static Set<String> keys() throws IOException {
    Set<String> keys = new TreeSet<>();
    Pattern line = Pattern.compile("( *)(\\w+):(?: .*)?");
    Deque<String> path = new ArrayDeque<>();
    Deque<Integer> indents = new ArrayDeque<>();
    for (String text : Files.readAllLines(CONFIGURATION)) {
      Matcher key = line.matcher(text.replaceFirst("^( *)# ", "$1"));
      if (key.matches()) {
        int indent = key.group(1).length();
        while (!indents.isEmpty() && indents.getLast() >= indent) {
          indents.removeLast();
          path.removeLast();
        }
        indents.addLast(indent);
        path.addLast(key.group(2));
        keys.add(String.join(".", path));
      }
    }
    return keys;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyClassIsWhereThePageSays(Page page) {
    for (String span : page.spans()) {
      Matcher named = NAMED_CLASS.matcher(span);
      if (named.matches() && Files.isDirectory(MAIN.resolve(folder(named.group(1))))) {
        Path file = MAIN.resolve(folder(named.group(1))).resolve(named.group(2) + ".java");
        assertThat(file).as("%s of %s", span, page).exists();
      }
    }
  }

  private static String folder(String packageAndDot) {
    return packageAndDot.replace('.', '/');
  }

  @Test
  void theArchitectureNamesNoOtherClassesThanThoseOfTheRootAndTests() throws IOException {
    Set<String> known = new HashSet<>(classes(TESTS, Integer.MAX_VALUE));
    known.addAll(classes(MAIN, 1));
    for (Page page : List.of(Page.named("architecture"), Page.named("contributing"))) {
      assertThat(page.spans().stream().filter(span -> span.matches("[A-Z][a-z]+[A-Za-z]*")))
          .as("%s", page)
          .isSubsetOf(known);
    }
    assertThat(packagesNamed(Page.named("architecture")))
        .allSatisfy(name -> assertThat(MAIN.resolve(name)).isDirectory());
  }

  /** Packages stand before the classes that the page names. */
  private static Set<String> packagesNamed(Page page) {
    return page.spans().stream()
        .map(NAMED_CLASS::matcher)
        .filter(Matcher::matches)
        .map(named -> folder(named.group(1)))
        .filter(name -> !name.startsWith("dev/rollcall"))
        .collect(Collectors.toSet());
  }

  private static List<String> classes(Path root, int depth) throws IOException {
    try (Stream<Path> files = Files.walk(root, depth)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java"))
          .map(name -> name.substring(0, name.length() - ".java".length()))
          .toList();
    }
  }

  /** The README lists the packages so that each imports only those below it. */
  @Test
  void theMapOfThePartsIsThatOfTheFolders() throws IOException {
    Matcher rows = Pattern.compile("(?m)^\\| `(\\w+)` \\|").matcher(Page.readme().text());
    List<String> listed = rows.results().map(row -> row.group(1)).toList();
    try (Stream<Path> folders = Files.list(MAIN)) {
      assertThat(listed)
          .containsExactlyInAnyOrderElementsOf(
              folders.filter(Files::isDirectory).map(f -> f.getFileName().toString()).toList());
    }
    for (int i = 0; i < listed.size(); i++) {
      assertThat(listed.subList(i, listed.size())).containsAll(imported(listed.get(i)));
    }
  }

  private static Set<String> imported(String feature) throws IOException {
    Pattern ours = Pattern.compile("(?m)^import (?:static )?dev\\.rollcall\\.(\\w+)\\.");
    try (Stream<Path> files = Files.walk(MAIN.resolve(feature))) {
      return files
          .filter(Files::isRegularFile)
          .flatMap(file -> ours.matcher(Page.of(file).text()).results())
          .map(found -> found.group(1))
          .collect(Collectors.toSet());
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyFileOfOursIsThere(Page page) {
    List<String> texts = new ArrayList<>(page.spans());
    page.blocks().stream().filter(b -> !b.kind().equals("text")).forEach(b -> texts.add(b.text()));
    for (String text : texts) {
      OUR_FILE
          .matcher(text)
          .results()
          .map(found -> found.group())
          // Files of an operator, which examples of settings name.
          .filter(name -> !name.endsWith(".pem"))
          .forEach(name -> assertThat(Path.of(name)).as("%s names %s", page, name).exists());
      TEST_NAMED
          .matcher(text)
          .results()
          .forEach(found -> assertThat(testsNamed(found.group(1))).as(found.group()).isNotEmpty());
    }
  }

  private static List<Path> testsNamed(String name) {
    try (Stream<Path> files = Files.walk(TESTS)) {
      return files.filter(file -> file.endsWith(name + ".java")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyFlagIsOneThatTheCommandHas(Page page) throws IOException {
    List<String> lines = new ArrayList<>(page.spans());
    page.blocks().forEach(block -> lines.addAll(block.text().lines().toList()));
    for (String line : lines) {
      Matcher jar = Pattern.compile("java -jar target/rollcall\\.jar\\b(.*)").matcher(line);
      Matcher script = Pattern.compile("(?<!/)scripts/(\\w+)\\b(.*)").matcher(line);
      Matcher profile = Pattern.compile("\\bmvn .*?-P(\\w+)").matcher(line);
      if (jar.find()) {
        assertThat(flagsOfTheJar(jar.group(1))).as(line).containsAll(flags(jar.group(1)));
      } else if (script.find() && !script.group(1).equals("run")) {
        String text = Files.readString(Path.of("scripts", script.group(1)));
        assertThat(flags(script.group(2))).allSatisfy(flag -> assertThat(text).contains(flag));
      }
      if (profile.find()) {
        assertThat(Path.of("pom.xml")).content().contains("<id>" + profile.group(1) + "</id>");
      }
    }
  }

  private static List<String> flags(String arguments) {
    Matcher flags = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*").matcher(arguments);
    return flags.results().map(flag -> flag.group()).toList();
  }

  private static Set<String> flagsOfTheJar(String arguments) {
    CommandLine jar =
        Main.commandLine(new Main(Map.of(), settings -> Future.failedFuture("not started")));
    Matcher word = Pattern.compile("^ ([a-z][a-z-]*)\\b").matcher(arguments);
    CommandLine command = word.find() ? jar.getSubcommands().get(word.group(1)) : jar;
    assertThat(command).as("the command in %s", arguments).isNotNull();
    return Objects.requireNonNull(command).getCommandSpec().optionsMap().keySet();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everySettingShownIsValid(Page page) throws IOException {
    for (String block : page.blocks("yaml")) {
      Path file = Files.writeString(folder.resolve("shown.yaml"), block);
      // An example of how many instances there are needs as many event loops.
      List<String> sets = List.of("deploy.eventLoops=2");
      Map<String, String> env = Map.of("ACCOUNT_TOKEN", "secret", "CLIENT_SECRET", "secret");
      assertThatCode(() -> Settings.load(env, Optional.of(file), sets))
          .as("%s: %s", page, block)
          .doesNotThrowAnyException();
    }
  }
}
