package dev.rollcall.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One section of the configuration while it is read. It records a fault instead of throwing, so
 * that reading goes on, and it remembers which names it was asked for, so that the others can be
 * refused.
 */
final class Section {
  private final String path;
  private final ObjectNode node;
  private final Layers layers;
  private final Faults faults;
  private final Set<String> asked = new LinkedHashSet<>();
  private final List<Section> children = new ArrayList<>();

  private Section(String path, ObjectNode node, Layers layers, Faults faults) {
    this.path = path;
    this.node = node;
    this.layers = layers;
    this.faults = faults;
  }

  static Section root(ObjectNode tree, Layers layers, Faults faults) {
    return new Section("", tree, layers, faults);
  }

  /** A section within this one; one that is left out or has nothing in it is empty. */
  Section section(String name) {
    asked.add(name);
    JsonNode child = node.get(name);
    if (child != null && !child.isObject() && !child.isNull()) {
      faults.add(key(name), Faults.shown(child), "a section, that is, keys with values below it");
    }
    ObjectNode content =
        child instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    Section section = new Section(key(name), content, layers, faults);
    children.add(section);
    return section;
  }

  /** The sections within a section, each read under its name, in their order. */
  <T> Map<String, T> each(String name, BiFunction<String, Section, T> read) {
    Section all = section(name);
    Set<String> names = new LinkedHashSet<>();
    all.node.fieldNames().forEachRemaining(names::add);
    names.addAll(layers.namesBelow(key(name)));
    Map<String, T> values = new LinkedHashMap<>();
    for (String each : names) {
      values.put(each, read.apply(each, all.section(each)));
    }
    return Collections.unmodifiableMap(values);
  }

  /** The value of a key for which there is no default; empty where it is left out, or at fault. */
  <T> Optional<T> find(String name, Rule<T> rule) {
    asked.add(name);
    Optional<Layers.Found> found = layers.find(key(name), node.get(name));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Optional<T> value = Optional.ofNullable(rule.read(found.get().node()));
    if (value.isEmpty()) {
      faults.add(key(name), found.get().shown(), rule.allowed() + found.get().origin());
    }
    return value;
  }

  /**
   * The values of a key that may have several: a list in the file, or text with commas between
   * them.
   */
  <T> List<T> list(String name, Rule<T> rule) {
    asked.add(name);
    List<T> values = new ArrayList<>();
    for (Layers.Found found : layers.findAll(key(name), node.get(name))) {
      @Nullable T value = rule.read(found.node());
      if (value == null) {
        faults.add(key(name), found.shown(), rule.allowed() + found.origin());
      } else {
        values.add(value);
      }
    }
    return values;
  }

  /** The value of each key of a section whose keys are free, in their order. */
  <T> Map<String, T> entries(String name, Rule<T> rule) {
    Section all = section(name);
    Map<String, T> values = new LinkedHashMap<>();
    Set<String> names = new LinkedHashSet<>();
    all.node.fieldNames().forEachRemaining(names::add);
    names.addAll(layers.namesBelow(key(name)));
    for (String each : names) {
      all.find(each, rule).ifPresent(value -> values.put(each, value));
    }
    return values;
  }

  /**
   * The value of a key. Where it is left out, and where it is at fault, that is the fallback; a
   * fault is recorded and stops the start later.
   */
  <T> T get(String name, T fallback, Rule<T> rule) {
    return find(name, rule).orElse(fallback);
  }

  /** Records a fault for each key, here and below, that nobody asked for. */
  void refuseUnknownKeys() {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!asked.contains(name)) {
                faults.add(Faults.shortened(key(name)) + ": unknown key; " + meant(name));
              }
            });
    children.forEach(Section::refuseUnknownKeys);
  }

  private String meant(String name) {
    if (layers.keys().contains(key(name))) {
      return "write sections as nested keys, not as a name with dots";
    }
    return Nearest.to(name, asked)
        .map(this::key)
        .or(() -> Nearest.to(key(name), layers.keys()))
        .map(near -> "did you mean " + near + "?")
        .orElseGet(() -> "allowed here: " + String.join(", ", asked));
  }

  private String key(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
