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
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands on stores have in common: the options for finding one, and --help. */
final class StorePlaces {
  private static final String SQLITE = "sqlite:";
  private static final String POSTGRES = "postgres";

  private final Map<String, String> env;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--tls",
      paramLabel = "MODE",
      description = "store.tls of the database; the default is the same, too.")
  private @Nullable String tls;

  @Option(names = "--trust", paramLabel = "FILE", description = "store.trust of the database.")
  private @Nullable String trust;

  @SuppressWarnings("unused")
  @Mixin
  private final HelpOption help = new HelpOption();

  StorePlaces(Map<String, String> env) {
    this.env = env;
  }

  CommandLine command() {
    return Objects.requireNonNull(spec).commandLine();
  }

  /**
   * Reads where a store is.
   *
   * @throws ParameterException where it is at fault, naming the option
   */
  StorePlace read(String option, String text) {
    if (text.startsWith(SQLITE)) {
      return file(option, text.substring(SQLITE.length()));
    } else if (!text.startsWith(POSTGRES)) {
      throw fault(option, "sqlite:FILE or postgresql://USER@HOST/DATABASE");
    }
    try {
      return StorePlace.postgres(database(text));
    } catch (ConfigurationFaults e) {
      throw fault(option, String.join("; ", e.faults()));
    }
  }

  private StorePlace file(String option, String path) {
    try {
      if (!path.isBlank()) {
        return StorePlace.sqlite(Path.of(path));
      }
    } catch (InvalidPathException e) {
      // Reported below.
    }
    throw fault(option, "the path of a database file after sqlite:");
  }

  private ParameterException fault(String option, String why) {
    return new ParameterException(command(), option + ": " + why);
  }

  /** Loads it as a start on this database would, so that the same is valid. */
  private StoreSettings.Postgres database(String uri) throws ConfigurationFaults {
    List<String> keys = new ArrayList<>(List.of("store.kind=postgres", "store.uri=" + uri));
    if (tls != null) {
      keys.add("store.tls=" + tls);
    }
    if (trust != null) {
      keys.add("store.trust=" + trust);
    }
    // ROLLCALL_ variables are about the store that is served; the uri may refer to others.
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
