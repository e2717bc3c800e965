package dev.rollcall.config.sources;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * The body of a POST: JSON with variables in its texts. A text that is one variable alone becomes
 * the JSON that the value is; within a longer text a value is text. Immutable.
 */
public final class BodyTemplate {
  private static final int LONGEST = 64 * 1024;
  private static final String ID = "id";

  /** JSON as it is written, or a variable. */
  private record Part(String text, boolean variable, boolean alone) {}

  private final List<Part> parts = new ArrayList<>();
  private final Set<String> texts = new LinkedHashSet<>();
  private final Set<String> alone = new LinkedHashSet<>();
  private final StringBuilder literal = new StringBuilder();
  private final JsonNode json;

  private BodyTemplate(JsonNode json) {
    this.json = json;
    compile(json);
    endLiteral();
  }

  /** Throws an {@link IllegalArgumentException} with what is allowed, without the JSON. */
  public static BodyTemplate of(JsonNode json) {
    if (json.toString().length() > LONGEST) {
      throw new IllegalArgumentException("JSON of at most " + LONGEST + " characters");
    }
    if (json.isNull()) {
      throw new IllegalArgumentException("JSON with variables, such as {user: \"{id}\"}");
    }
    return new BodyTemplate(json);
  }

  private void compile(JsonNode node) {
    if (node.isObject()) {
      String separator = "{";
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        literal.append(separator).append(new TextNode(member.getKey())).append(':');
        compile(member.getValue());
        separator = ",";
      }
      literal.append(node.isEmpty() ? "{}" : "}");
    } else if (node.isArray()) {
      String separator = "[";
      for (JsonNode element : node) {
        literal.append(separator);
        compile(element);
        separator = ",";
      }
      literal.append(node.isEmpty() ? "[]" : "]");
    } else if (node.isTextual()) {
      text(node.asText());
    } else {
      literal.append(node);
    }
  }

  private void text(String text) {
    Matcher braces = Variables.BRACES.matcher(text);
    boolean isAlone = braces.matches();
    braces.reset();
    int done = 0;
    literal.append(isAlone ? "" : "\"");
    while (braces.find()) {
      plain(text.substring(done, braces.start()));
      String variable = String.valueOf(braces.group(1));
      if (!Variables.isOne(variable)) {
        throw new IllegalArgumentException("JSON whose " + Variables.ALLOWED);
      }
      endLiteral();
      parts.add(new Part(variable, true, isAlone));
      (isAlone && !variable.equals(ID) ? alone : texts).add(variable);
      done = braces.end();
    }
    plain(text.substring(done));
    literal.append(isAlone ? "" : "\"");
  }

  private void plain(String text) {
    if (text.indexOf('{') >= 0 || text.indexOf('}') >= 0) {
      throw new IllegalArgumentException("JSON in whose texts braces stand in pairs");
    }
    literal.append(escaped(text));
  }

  private static String escaped(String text) {
    String quoted = new TextNode(text).toString();
    return quoted.substring(1, quoted.length() - 1);
  }

  private void endLiteral() {
    if (!literal.isEmpty()) {
      parts.add(new Part(literal.toString(), false, false));
      literal.setLength(0);
    }
  }

  /** The variables whose text it needs. */
  public Set<String> texts() {
    return Collections.unmodifiableSet(texts);
  }

  /** The variables whose value it needs as JSON ({@link Variables#asJson}). */
  public Set<String> alone() {
    return Collections.unmodifiableSet(alone);
  }

  /** Both. */
  Set<String> variables() {
    Set<String> all = new LinkedHashSet<>(texts);
    all.addAll(alone);
    return all;
  }

  /** The JSON with the value of each variable: the text, or JSON under {@link Variables#asJson}. */
  public String body(Function<String, String> values) {
    StringBuilder body = new StringBuilder();
    for (Part part : parts) {
      if (!part.variable()) {
        body.append(part.text());
      } else if (!part.alone()) {
        body.append(escaped(values.apply(part.text())));
      } else if (part.text().equals(ID)) {
        body.append(values.apply(ID));
      } else {
        body.append(values.apply(Variables.asJson(part.text())));
      }
    }
    return body.toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BodyTemplate template && template.json.equals(json);
  }

  @Override
  public int hashCode() {
    return json.hashCode();
  }

  /** Without the JSON, which may hold secrets. */
  @Override
  public String toString() {
    return "BodyTemplate" + variables();
  }
}
