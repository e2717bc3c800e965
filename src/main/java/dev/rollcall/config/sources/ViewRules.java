package dev.rollcall.config.sources;

import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.Nearest;
import dev.rollcall.config.reading.Units;
import dev.rollcall.config.sources.ViewSettings.Mode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules across sources and views. */
public final class ViewRules {
  private final Map<String, SourceSettings> sources;
  private final Map<String, ViewSettings> views;
  private final Faults faults;

  public ViewRules(
      Map<String, SourceSettings> sources, Map<String, ViewSettings> views, Faults faults) {
    this.sources = sources;
    this.views = views;
    this.faults = faults;
  }

  public void check() {
    for (SourceSettings source : sources.values()) {
      declared(needs(source.name()), source.needs());
      selected(source);
    }
    circles();
    for (ViewSettings view : views.values()) {
      declared("views." + view.name() + ".sources", view.sources());
      complete(view);
      modes(view);
      deadline(view);
    }
  }

  private static String needs(String source) {
    return "sources." + source + ".needs";
  }

  private void declared(String key, Collection<String> names) {
    for (String name : names) {
      if (!sources.containsKey(name)) {
        String meant =
            Nearest.to(name, sources.keySet())
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
        String allowed = "sources that are declared" + meant;
        faults.across(key, Faults.quoted(name), allowed, "sources." + name);
      }
    }
  }

  /** What a URL or a body takes from an answer must be among the fields that are left of it. */
  private void selected(SourceSettings source) {
    for (UrlTemplate url : source.target().urls()) {
      selected(source, "http", url.variables());
    }
    source.target().body().ifPresent(body -> selected(source, "body", body.variables()));
  }

  private void selected(SourceSettings source, String key, Set<String> variables) {
    for (String variable : variables) {
      String[] path = variable.split("\\.", 3);
      SourceSettings need = source.needs().contains(path[0]) ? sources.get(path[0]) : null;
      if (need != null && !need.fields().isEmpty() && !need.fields().containsKey(path[1])) {
        String fields = "sources." + need.name() + ".fields";
        faults.across(
            "sources." + source.name() + "." + key,
            "{" + variable + "}",
            "variables of the value of " + need.name() + ", that is, of " + fields,
            fields);
      }
    }
  }

  private void circles() {
    Set<String> done = new HashSet<>();
    for (String name : sources.keySet()) {
      circle(name, new ArrayList<>(), done);
    }
  }

  /**
   * Follows the needs of a source.
   *
   * @param path the sources that lead here, each needing the next
   * @param done the sources whose needs were followed before
   */
  private void circle(String name, List<String> path, Set<String> done) {
    SourceSettings source = sources.get(name);
    int start = path.indexOf(name);
    if (start >= 0) {
      List<String> circle = new ArrayList<>(path.subList(start, path.size()));
      String[] keys = circle.stream().map(ViewRules::needs).toArray(String[]::new);
      circle.add(name);
      faults.across(
          needs(name), String.join(" → ", circle), "needs that don't go in circles", keys);
    } else if (source != null && done.add(name)) {
      path.add(name);
      source.needs().forEach(need -> circle(need, path, done));
      path.remove(path.size() - 1);
    }
  }

  /** The sources of a view that are declared. */
  private List<SourceSettings> sourcesOf(ViewSettings view) {
    return view.sources().stream().map(sources::get).filter(Objects::nonNull).toList();
  }

  private void complete(ViewSettings view) {
    String key = "views." + view.name() + ".sources";
    for (SourceSettings source : sourcesOf(view)) {
      for (String need : source.needs()) {
        if (!view.sources().contains(need)) {
          faults.across(
              key,
              source.name() + " without " + need,
              "sources with all that they need",
              needs(source.name()));
        }
      }
    }
  }

  private void modes(ViewSettings view) {
    List<Mode> races =
        view.modes().stream().filter(mode -> mode == Mode.ANY || mode == Mode.RACE).toList();
    if (races.isEmpty()) {
      return;
    }
    String key = "views." + view.name();
    String mode = key + (races.contains(view.mode()) ? ".mode" : ".modes");
    String shown =
        races.stream()
            .map(each -> each.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" and "));
    for (SourceSettings source : sourcesOf(view)) {
      if (!source.needs().isEmpty()) {
        String need = source.needs().get(0);
        faults.across(
            mode,
            shown,
            "all or sequential, since " + source.name() + " needs " + need,
            key + ".mode",
            key + ".modes",
            key + ".sources",
            needs(source.name()));
      }
    }
  }

  /** A source must leave time for the answer. */
  private void deadline(ViewSettings view) {
    sourcesOf(view).stream()
        .max(Comparator.comparing(SourceSettings::timeout))
        .filter(slowest -> slowest.timeout().compareTo(view.deadline()) >= 0)
        .ifPresent(
            slowest -> {
              String timeout = "sources." + slowest.name() + ".timeout";
              faults.across(
                  "views." + view.name() + ".deadline",
                  Units.show(view.deadline()),
                  "longer than " + timeout + ", " + Units.show(slowest.timeout()),
                  timeout);
            });
  }
}
