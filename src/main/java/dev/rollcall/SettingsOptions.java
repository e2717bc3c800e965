package dev.rollcall;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which a command takes settings. They stand before its own. */
final class SettingsOptions {

  @Option(
      names = "--conf",
      paramLabel = "FILE",
      order = -3,
      description = "A YAML file of settings.")
  private @Nullable Path conf;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      order = -2,
      description = "One setting, such as store.path=users.db; may be repeated.")
  private List<String> sets = new ArrayList<>();

  /** The file; null where none is named. */
  @Nullable Path conf() {
    return conf;
  }

  /** The settings, {@code key=value} each, in their order: the last of a key wins. */
  List<String> sets() {
    return List.copyOf(sets);
  }
}
