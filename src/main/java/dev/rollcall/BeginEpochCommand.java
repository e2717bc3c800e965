package dev.rollcall;

import dev.rollcall.store.copy.StorePlace;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The command for a store that was put back to an earlier state without a start noticing. Blocks
 * the thread that runs it.
 */
@Command(
    name = "begin-epoch",
    description = "Tells a store that it was put back to an earlier state.",
    sortOptions = false,
    footer = {
      "",
      "PLACE is sqlite:FILE or postgresql://USER[:PASSWORD]@HOST[:PORT]/DATABASE. A password that",
      "is left out is that of PGPASSWORD. From then on seqs, ETags and assigned ids are well above",
      "all that were given out before, and a position of the time that is lost is a 410. A start",
      "does that by itself where it can tell: not where a whole disk was put back, nor the files",
      "of a database's server. Without need it does no harm. Exit codes: 0 done, 1 it failed,",
      "2 wrong arguments."
    })
final class BeginEpochCommand implements Runnable {

  @Option(
      names = "--store",
      paramLabel = "PLACE",
      required = true,
      description = "The store; a file must not be in use.")
  private String store = "";

  @Mixin private final StorePlaces places;

  BeginEpochCommand(Map<String, String> env) {
    this.places = new StorePlaces(env);
  }

  /**
   * Begins an epoch.
   *
   * @throws IllegalStateException with a sentence for the operator, where that can't be done
   */
  @Override
  public void run() {
    StorePlace place = places.read("--store", store);
    long floor = place.beginEpoch();
    PrintWriter out = places.command().getOut();
    out.println(String.format(Locale.ROOT, "%s goes on with seqs above %d", place, floor));
    out.flush();
  }
}
