package dev.rollcall.views;

import dev.rollcall.config.sources.UrlTemplate;
import dev.rollcall.sources.SourceRequest;
import dev.rollcall.users.User;
import dev.rollcall.wire.JsonText;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values of the variables in a source's URLs: {@code id}, members of the user, members of
 * needed answers. Immutable.
 */
final class TemplateValues {
  private static final String USER = "user";

  private record Variable(String text, String root, List<String> path) {}

  private final List<UrlTemplate> templates;
  private final List<Variable> variables;

  /** Whether the id is the only variable, which never misleads. */
  private final boolean idAlone;

  TemplateValues(List<UrlTemplate> templates) {
    this.templates = templates;
    Set<String> texts = new LinkedHashSet<>();
    templates.forEach(template -> texts.addAll(template.variables()));
    this.variables = texts.stream().map(TemplateValues::variable).toList();
    this.idAlone = texts.equals(Set.of(SourceRequest.ID));
  }

  private static Variable variable(String text) {
    List<String> segments = List.of(text.split("\\."));
    return new Variable(text, segments.get(0), segments.subList(1, segments.size()));
  }

  /** The values for a user, or what is lacking. */
  record Resolved(Map<String, String> values, @Nullable String lacking) {}

  Resolved resolve(User user, Map<String, Buffer> needs) {
    if (idAlone) {
      return new Resolved(Map.of(SourceRequest.ID, Long.toString(user.id())), null);
    }
    Map<String, String> values = new HashMap<>();
    for (Variable variable : variables) {
      String value = value(variable, user, needs);
      if (value == null) {
        return new Resolved(Map.of(), variable.text());
      }
      values.put(variable.text(), value);
    }
    for (UrlTemplate template : templates) {
      if (template.misleads(name -> values.getOrDefault(name, ""))) {
        return new Resolved(Map.of(), String.join(" or ", template.variables()));
      }
    }
    return new Resolved(values, null);
  }

  private static @Nullable String value(Variable variable, User user, Map<String, Buffer> needs) {
    if (variable.root().equals(SourceRequest.ID)) {
      return Long.toString(user.id());
    }
    Buffer json = variable.root().equals(USER) ? user.json() : needs.get(variable.root());
    return json == null ? null : JsonText.at(json, variable.path());
  }
}
