package dev.rollcall.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads all three layers, collects every fault, and gives settings only where there is none. */
final class SettingsLoader {
  private SettingsLoader() {}

  static Settings.Loaded load(Map<String, String> env, Optional<Path> file, List<String> sets)
      throws ConfigurationFaults {
    Faults faults = new Faults();
    ObjectNode tree =
        file.map(path -> ConfigurationFile.read(path, faults))
            .orElseGet(JsonNodeFactory.instance::objectNode);
    Layers layers = new Layers(env, sets, faults);
    Section root = Section.root(tree, layers, faults);
    Optional<Settings> settings = read(root, faults);
    root.refuseUnknownKeys();
    layers.refuseUnknownFlags();
    if (!faults.isEmpty() || settings.isEmpty()) {
      throw new ConfigurationFaults(faults.lines());
    }
    return new Settings.Loaded(settings.get(), layers.warnings());
  }

  /** What is left to throw once every key is right by itself are the rules across keys. */
  private static Optional<Settings> read(Section root, Faults faults) {
    try {
      return Optional.of(Settings.from(root));
    } catch (IllegalArgumentException acrossKeys) {
      faults.add(acrossKeys);
      return Optional.empty();
    }
  }
}
