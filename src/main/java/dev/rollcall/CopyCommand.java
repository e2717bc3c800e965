package dev.rollcall;

import dev.rollcall.store.copy.StoreCopy;
import dev.rollcall.store.copy.StorePlace;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin private final StorePlaces places;

  // Picocli answers this itself, before run().
  @SuppressWarnings("unused")
  @Option(names = "--help", usageHelp = true, description = "Print this and leave.")
  private boolean help;

  CopyCommand(Map<String, String> env) {
    this.places = new StorePlaces(env);
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
    StorePlace source = places.read(command, "--from", from);
    StorePlace target = places.read(command, "--to", to);
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
}
