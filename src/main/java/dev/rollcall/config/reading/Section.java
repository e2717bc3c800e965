package dev.rollcall.config.reading;

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
 * A section of the configuration while it is read. It records faults instead of throwing, and the
 * names that were read, so that the others can be refused as unknown.
 */
public final class Section {
  private final String path;
  private final ObjectNode node;
  private final Layers layers;
  private final Faults faults;
  private final Set<String> known = new LinkedHashSet<>();
  private final List<Section> children = new ArrayList<>();

  private Section(String path, ObjectNode node, Layers layers, Faults faults) {
    this.path = path;
    this.node = node;
    this.layers = layers;
    this.faults = faults;
  }

  public static Section root(ObjectNode tree, Layers layers, Faults faults) {
    return new Section("", tree, layers, faults);
  }

  /** A section within this one; empty where it is left out. */
  public Section section(String name) {
    known.add(name);
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

  /** Reads the sections within a section with chosen names, in their order. */
  public <T> Map<String, T> each(
      String name, Rule<String> names, BiFunction<String, Section, Optional<T>> read) {
    Section all = section(name);
    Map<String, T> values = new LinkedHashMap<>();
    for (String each : all.names(names)) {
      read.apply(each, all.section(each)).ifPresent(value -> values.put(each, value));
    }
    return Collections.unmodifiableMap(values);
  }

  /** The values of a section with chosen keys, in their order. */
  <T> Map<String, T> entries(String name, Rule<String> names, Rule<T> rule) {
    Section all = section(name);
    Map<String, T> values = new LinkedHashMap<>();
    for (String each : all.names(names)) {
      all.find(each, rule).ifPresent(value -> values.put(each, value));
    }
    return Collections.unmodifiableMap(values);
  }

  /** The valid names here in the file and the flags. */
  private Set<String> names(Rule<String> rule) {
    Set<String> names = new LinkedHashSet<>();
    node.fieldNames().forEachRemaining(names::add);
    names.addAll(layers.namesBelow(path));
    known.addAll(names);
    for (String name : List.copyOf(names)) {
      if (!rule.allows(name)) {
        names.remove(name);
        layers.ignoreBelow(key(name));
        faults.add(Faults.shortened(key(name)), rule.shown(name), rule.allowed());
      }
    }
    return names;
  }

  /** The value of a key; empty where it is left out or at fault. */
  <T> Optional<T> find(String name, Rule<T> rule) {
    known.add(name);
    Optional<Layers.Found> found = layers.find(key(name), node.get(name), rule.isSecret());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Optional<T> value = Optional.ofNullable(rule.read(found.get().node()));
    if (value.isEmpty()) {
      refuse(name, found.get(), rule);
    }
    return value;
  }

  /** The valid values of a key with several. */
  <T> List<T> list(String name, ListRule<T> rule) {
    known.add(name);
    List<T> values = new ArrayList<>();
    Optional<List<Layers.Found>> all = layers.findAll(key(name), node.get(name), rule.separator());
    for (Layers.Found found : all.orElse(List.of())) {
      @Nullable T value = rule.each().read(found.node());
      if (value == null) {
        refuse(name, found, rule.each());
      } else if (values.contains(value)) {
        faults.add(key(name), found.shown(), ListRule.ONCE + found.origin());
      } else {
        values.add(value);
      }
    }
    if (all.isPresent() && !rule.allows(values.size()) && !faults.has(key(name))) {
      faults.add(key(name), ListRule.counted(values.size()), rule.allowed());
    }
    return Collections.unmodifiableList(values);
  }

  /**
   * The JSON of a key, whatever it is, with the references in its texts replaced; a flag and a
   * variable have it as text. Faults don't show it. Empty where it is left out or at fault.
   */
  public Optional<JsonNode> json(String name) {
    known.add(name);
    return layers.findJson(key(name), node.get(name));
  }

  private void refuse(String name, Layers.Found found, Rule<?> rule) {
    faults.add(key(name), found.shown(), rule.allowed(found.node()) + found.origin());
  }

  /** A variable of the environment that is a standard and no key of ours; empty text is none. */
  public Optional<String> variable(String name) {
    return layers.standard(name);
  }

  /** Whether a key has a value, right or wrong, or a section has keys. */
  public boolean has(String name) {
    return layers.gives(key(name), node.get(name));
  }

  public void refuse(String name, String value, String allowed) {
    faults.add(key(name), value, allowed);
  }

  /** Refuses the section for what it has together, unless a key in it is wrong by itself. */
  public void refuse(String value, String allowed) {
    if (!faults.has(path)) {
      faults.add(Faults.line(path, value, allowed));
    }
  }

  /** Adds the faults that a record of this section threw. */
  public void refuse(IllegalArgumentException thrown) {
    faults.add(thrown);
  }

  /** Records a fault for each key, here and below, that nobody known for. */
  public void refuseUnknownKeys() {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                faults.add(Faults.shortened(key(name)) + ": unknown key; " + meant(name));
              }
            });
    children.forEach(Section::refuseUnknownKeys);
  }

  private String meant(String name) {
    if (layers.keys().contains(key(name))) {
      return "write sections as nested keys, not as a name with dots";
    }
    return Nearest.to(name, known)
        .map(this::key)
        .or(() -> Nearest.to(key(name), layers.keys()))
        .map(near -> "did you mean " + near + "?")
        .orElseGet(() -> "allowed here: " + String.join(", ", known));
  }

  private String key(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
