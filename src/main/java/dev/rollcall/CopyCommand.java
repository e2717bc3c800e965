package dev.rollcall;

import dev.rollcall.config.ConfigurationFaults;
import dev.rollcall.config.Settings;
import dev.rollcall.config.StoreSettings;
import dev.rollcall.store.copy.StoreCopy;
import dev.rollcall.store.copy.StorePlace;
import java.io.PrintWriter;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command that moves what one store holds into another. It serves nobody, blocks the thread
 * that runs it, and ends.
 */
@Command(
    name = "copy",
    description = "Copies all that a store holds into an empty one, and compares both.",
    sortOptions = false,
    footer = {
      "",
      "PLACE is sqlite:FILE or postgresql://USER[:PASSWORD]@HOST[:PORT]/DATABASE. A password that",
      "is left out is that of PGPASSWORD. Nothing may serve either store meanwhile. A copy that"
          + " was",
      "interrupted goes on where it was when it is run again; until it is whole, Rollcall does not",
      "start on it. Exit codes: 0 both sides hold the same, 1 it failed, 2 wrong arguments."
    })
final class CopyCommand implements Runnable {
  private static final String SQLITE = "sqlite:";
  private static final String POSTGRES = "postgres";

  private final Map<String, String> env;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--from",
      paramLabel = "PLACE",
      required = true,
      description = "The store that is copied, and left as it is.")
  private String from = "";

  @Option(
      names = "--to",
      paramLabel = "PLACE",
      required = true,
      description = "The store that it is copied to; it is made where there is none.")
  private String to = "";

  @Option(
      names = "--tls",
      paramLabel = "MODE",
      description = "store.tls of the database; the default is the same, too.")
  private @Nullable String tls;

  @Option(names = "--trust", paramLabel = "FILE", description = "store.trust of the database.")
  private @Nullable String trust;

  // Picocli answers this itself, before run().
  @SuppressWarnings("unused")
  @Option(names = "--help", usageHelp = true, description = "Print this and leave.")
  private boolean help;

  CopyCommand(Map<String, String> env) {
    this.env = env;
  }

  /**
   * Copies and compares.
   *
   * @throws IllegalStateException with a sentence for the operator, unless both sides are the same
   *     at the end
   */
  @Override
  public void run() {
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    StorePlace source = place(command, "--from", from);
    StorePlace target = place(command, "--to", to);
    if (source.toString().equals(target.toString())) {
      throw new ParameterException(command, "--from and --to are the same store");
    }
    PrintWriter out = command.getOut();
    boolean same =
        StoreCopy.run(
            source,
            target,
            line -> {
              out.println(line);
              out.flush();
            });
    if (!same) {
      throw new IllegalStateException("source and target differ, see above");
    }
    out.println("both hold the same");
    out.flush();
  }

  private StorePlace place(CommandLine command, String option, String text) {
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
