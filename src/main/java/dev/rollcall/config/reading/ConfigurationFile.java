package dev.rollcall.config.reading;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Reads the YAML file into a tree, or records in one line why it can't. */
public final class ConfigurationFile {
  private static final YAMLMapper MAPPER =
      YAMLMapper.builder(
              YAMLFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
                  .build())
          .build();

  private ConfigurationFile() {}

  /** An empty tree where the file is empty or at fault. */
  public static ObjectNode read(Path file, Faults faults) {
    try {
      String text = Files.readString(file);
      JsonNode tree = parse(text.startsWith("\uFEFF") ? text.substring(1) : text);
      if (tree instanceof ObjectNode object) {
        return object;
      }
      if (!tree.isMissingNode() && !tree.isNull()) {
        faults.add(file.toString(), Faults.shown(tree), "sections such as http: {port: 8080}");
      }
    } catch (Unsupported e) {
      faults.add(file + ": " + position(e.location) + e.problem);
    } catch (JsonProcessingException e) {
      faults.add(file + ": " + position(e.getLocation()) + problem(e));
    } catch (NoSuchFileException e) {
      faults.add(file + ": there is no such file");
    } catch (CharacterCodingException e) {
      faults.add(file + ": the file is not UTF-8 text");
    } catch (IOException e) {
      faults.add(file + ": the file cannot be read");
    }
    return JsonNodeFactory.instance.objectNode();
  }

  /** Refuses second documents and aliases, which the tree would silently drop, then builds it. */
  private static JsonNode parse(String text) throws IOException {
    try (YAMLParser parser = MAPPER.getFactory().createParser(text)) {
      int depth = 0;
      int roots = 0;
      while (parser.nextToken() != null) {
        if (parser.isCurrentAlias()) {
          throw new Unsupported(parser.currentTokenLocation(), "aliases (*name) are not supported");
        }
        if (depth == 0 && !parser.currentToken().isStructEnd() && ++roots > 1) {
          throw new Unsupported(
              parser.currentTokenLocation(), "a second document is not supported");
        }
        depth += parser.currentToken().isStructStart() ? 1 : 0;
        depth -= parser.currentToken().isStructEnd() ? 1 : 0;
      }
    }
    return MAPPER.readTree(text);
  }

  private static String position(JsonLocation location) {
    return location == null
        ? ""
        : String.format(
            Locale.ROOT, "line %d, column %d: ", location.getLineNr(), location.getColumnNr());
  }

  /** The parser's words for the problem, without excerpts, classes and positions. */
  private static String problem(JsonProcessingException e) {
    if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblem() != null) {
      return "not valid YAML: " + Faults.escaped(marked.getProblem());
    }
    String[] lines = e.getOriginalMessage().split("\n", 2);
    return "not valid YAML: " + Faults.escaped(lines[0]);
  }

  /** Valid YAML that is not supported. */
  private static final class Unsupported extends IOException {
    private static final long serialVersionUID = 1L;
    private final transient JsonLocation location;
    private final String problem;

    Unsupported(JsonLocation location, String problem) {
      super(problem);
      this.location = location;
      this.problem = problem;
    }
  }
}
