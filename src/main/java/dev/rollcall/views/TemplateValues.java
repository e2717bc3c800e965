package dev.rollcall.views;

import dev.rollcall.config.sources.BodyTemplate;
import dev.rollcall.config.sources.SourceTarget;
import dev.rollcall.config.sources.UrlTemplate;
import dev.rollcall.config.sources.Variables;
import dev.rollcall.sources.SourceRequest;
import dev.rollcall.users.User;
import dev.rollcall.wire.JsonSelection;
import dev.rollcall.wire.JsonText;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values of the variables in a source's URLs and body: {@code id}, members of the user,
 * members of needed answers. Immutable.
 */
final class TemplateValues {
  private static final String USER = "user";

  /**
   * A variable, whose value is kept under a name.
   *
   * @param json finds the value where it is wanted as JSON; null where it is wanted as text
   */
  private record Variable(
      String text, String name, String root, List<String> path, @Nullable JsonSelection json) {}

  private final List<UrlTemplate> templates;
  private final List<Variable> variables;

  /** Whether the id is the only variable, which never misleads. */
  private final boolean idAlone;

  TemplateValues(SourceTarget target) {
    this.templates = target.urls();
    Set<String> texts = new LinkedHashSet<>();
    templates.forEach(template -> texts.addAll(template.variables()));
    target.body().ifPresent(body -> texts.addAll(body.texts()));
    Set<String> json = target.body().map(BodyTemplate::alone).orElse(Set.of());
    this.variables =
        Stream.concat(
                texts.stream().map(text -> variable(text, false)),
                json.stream().map(text -> variable(text, true)))
            .toList();
    this.idAlone = texts.equals(Set.of(SourceRequest.ID)) && json.isEmpty();
  }

  private static Variable variable(String text, boolean json) {
    List<String> segments = List.of(text.split("\\."));
    List<String> path = segments.subList(1, segments.size());
    return new Variable(
        text,
        json ? Variables.asJson(text) : text,
        segments.get(0),
        path,
        json ? new JsonSelection(Map.of(text, path)) : null);
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
      values.put(variable.name(), value);
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
    if (json == null || variable.json() == null) {
      return json == null ? null : JsonText.at(json, variable.path());
    }
    Buffer value = variable.json().value(json);
    return value == null ? null : value.toString();
  }
}
