package dev.rollcall;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documents, taken apart: the README, or one of those that it leads to.
 *
 * @param file relative to the repository, where tests run
 */
record Page(Path file, String text) {

  static final Path README = Path.of("README.md");
  static final Path FOLDER = Path.of("src", "site", "markdown");

  private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern LINK = Pattern.compile("\\[[^\\]\\n]+\\]\\(([^)\\s]+)\\)");
  private static final Pattern SPAN = Pattern.compile("`([^`\\n]+)`");

  /** What stands between fences, and what the first one says that it is. */
  record Block(String kind, String text) {}

  /** A command of a session, and what it is shown to print. */
  record Step(String command, String output) {}

  static Page of(Path file) {
    try {
      return new Page(file, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A page below {@link #FOLDER}. */
  static Page named(String name) {
    return of(FOLDER.resolve(name + ".md"));
  }

  static Page readme() {
    return of(README);
  }

  /** All of them, that of the examples included. */
  static List<Page> all() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return Stream.concat(
              Stream.of(README, Path.of("src", "examples", "README.md")),
              files.filter(file -> file.toString().endsWith(".md")).sorted())
          .map(Page::of)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Block> blocks() {
    return FENCE.matcher(text).results().map(m -> new Block(m.group(1), m.group(2))).toList();
  }

  /** What the blocks of a kind hold. */
  List<String> blocks(String kind) {
    return blocks().stream().filter(b -> b.kind().equals(kind)).map(Block::text).toList();
  }

  /** What stands in back-ticks, outside of blocks. */
  List<String> spans() {
    return groups(SPAN, prose());
  }

  /** Where links of the text lead to. */
  List<String> links() {
    return groups(LINK, prose());
  }

  /** What a link may name behind {@code #}, as forges make it of headings. */
  Set<String> anchors() {
    Set<String> anchors = new HashSet<>();
    for (String heading : groups(HEADING, prose())) {
      String plain = heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "");
      anchors.add(plain.replace(' ', '-'));
    }
    return anchors;
  }

  private String prose() {
    return FENCE.matcher(text).replaceAll("");
  }

  private static List<String> groups(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult found) -> found.group(1)).toList();
  }

  /** The commands of its sessions ({@code console}), in their order. */
  List<Step> session() {
    List<Step> steps = new ArrayList<>();
    for (String block : blocks("console")) {
      for (String each : block.split("(?m)^\\$ ", -1)) {
        if (!each.isBlank()) {
          // A command goes on in the next line where it ends with a backslash.
          int end = each.indexOf('\n');
          while (each.charAt(end - 1) == '\\') {
            end = each.indexOf('\n', end + 1);
          }
          steps.add(new Step(each.substring(0, end), each.substring(end + 1).strip()));
        }
      }
    }
    return steps;
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
