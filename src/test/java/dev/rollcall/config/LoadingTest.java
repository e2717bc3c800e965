package dev.rollcall.config;

import dev.rollcall.config.reading.ConfigurationFaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of loading share: a file, an environment and flags, and the outcome as lines. */
public abstract class LoadingTest {
  @TempDir protected Path folder;

  protected Settings.Loaded load(String yaml, Map<String, String> env, String... sets)
      throws ConfigurationFaults {
    return Settings.load(env, Optional.of(file(yaml)), List.of(sets));
  }

  protected Settings settings(String yaml) throws ConfigurationFaults {
    return load(yaml, Map.of()).settings();
  }

  /** The faults, with the file's folder taken out; empty where there are none. */
  protected List<String> faults(String yaml, Map<String, String> env, String... sets) {
    try {
      load(yaml, env, sets);
      return List.of();
    } catch (ConfigurationFaults e) {
      return e.faults().stream().map(line -> line.replace(folder + "/", "")).toList();
    }
  }

  protected List<String> faults(String yaml) {
    return faults(yaml, Map.of());
  }

  private Path file(String yaml) {
    try {
      return Files.writeString(folder.resolve("rollcall.yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
