package dev.rollcall;

import dev.rollcall.store.copy.StoreCopy;
import dev.rollcall.store.copy.StorePlace;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The command that copies what one store holds into another. Blocks the thread that runs it. */
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
    StorePlace source = places.read("--from", from);
    StorePlace target = places.read("--to", to);
    if (source.toString().equals(target.toString())) {
      throw new ParameterException(places.command(), "--from and --to are the same store");
    }
    PrintWriter out = places.command().getOut();
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
