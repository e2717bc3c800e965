package dev.rollcall;

import dev.rollcall.config.Settings;
import dev.rollcall.config.StoreSettings;
import dev.rollcall.config.reading.ConfigurationFaults;
import dev.rollcall.store.copy.StorePlace;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options by which commands are told where a store is and how to get there. */
final class StorePlaces {
  private static final String SQLITE = "sqlite:";
  private static final String POSTGRES = "postgres";

  private final Map<String, String> env;

  @Option(
      names = "--tls",
      paramLabel = "MODE",
      description = "store.tls of the database; the default is the same, too.")
  private @Nullable String tls;

  @Option(names = "--trust", paramLabel = "FILE", description = "store.trust of the database.")
  private @Nullable String trust;

  StorePlaces(Map<String, String> env) {
    this.env = env;
  }

  /**
   * Reads where a store is.
   *
   * @throws ParameterException where it is at fault, naming the option
   */
  StorePlace read(CommandLine command, String option, String text) {
    if (text.startsWith(SQLITE)) {
      return file(command, option, text.substring(SQLITE.length()));
    } else if (!text.startsWith(POSTGRES)) {
      throw new ParameterException(
          command, option + ": sqlite:FILE or postgresql://USER@HOST/DATABASE");
    }
    try {
      return StorePlace.postgres(database(text));
    } catch (ConfigurationFaults e) {
      throw new ParameterException(command, option + ": " + String.join("; ", e.faults()));
    }
  }

  private static StorePlace file(CommandLine command, String option, String path) {
    try {
      if (!path.isBlank()) {
        return StorePlace.sqlite(Path.of(path));
      }
    } catch (InvalidPathException e) {
      // Told below.
    }
    throw new ParameterException(command, option + ": the path of a database file after sqlite:");
  }

  /** What a start on this database would be told, so that the same is valid. */
  private StoreSettings.Postgres database(String uri) throws ConfigurationFaults {
    List<String> keys = new ArrayList<>(List.of("store.kind=postgres", "store.uri=" + uri));
    if (tls != null) {
      keys.add("store.tls=" + tls);
    }
    if (trust != null) {
      keys.add("store.trust=" + trust);
    }
    // Variables that are settings are about the store that is served; others may be referred to.
    Map<String, String> others = new HashMap<>(env);
    others.keySet().removeIf(name -> name.startsWith("ROLLCALL_"));
    StoreSettings.Postgres given =
        Settings.load(others, Optional.empty(), keys).settings().store().postgres().orElseThrow();
    String password =
        given.password().isEmpty() ? env.getOrDefault("PGPASSWORD", "") : given.password();
    return new StoreSettings.Postgres(
        given.uri(), given.user(), password, given.tls(), given.trust(), given.timeout());
  }
}
