import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Draws the users that are asked for, anew for each load, always the same way in a new run. */
final class Ids {

  /**
   * As many as are asked for within a few seconds; then they come again. No multiple of the users,
   * so that those who take turns begin with others each time.
   */
  private static final int DRAWS = 403_700;

  private static final long SEED = 42;

  private final IntSupplier draw;

  private Ids(IntSupplier draw) {
    this.draw = draw;
  }

  /** Each user as often as any other. */
  static Ids uniform(int users) {
    SplittableRandom random = new SplittableRandom(SEED);
    return new Ids(() -> 1 + random.nextInt(users));
  }

  /**
   * Each user in turn, in a random order, so that nobody is asked for twice at the same time:
   * Rollcall would ask the sources once for both.
   */
  static Ids inTurn(int users) {
    List<Integer> order = new ArrayList<>(IntStream.rangeClosed(1, users).boxed().toList());
    Collections.shuffle(order, new Random(SEED));
    Iterator<Integer> turns = Stream.generate(() -> order).flatMap(List::stream).iterator();
    return new Ids(turns::next);
  }

  /** The second most popular half as often as the most popular, the third a third as often… */
  static Ids zipf(int users) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] sums = zipfSums(users);
    return new Ids(() -> zipf(sums, random));
  }

  /** Asks for users that are drawn anew for each load. */
  Rounds.Script asked(Fleet fleet) {
    return entrant -> {
      Path file = fleet.log("ids");
      write(file, DRAWS);
      return List.of("get.lua", file.toString(), entrant.path());
    };
  }

  /** The same of so many draws, which are read in a moment; what is asked is counted by second. */
  Rounds.Script asked(Fleet fleet, int draws) {
    return entrant -> {
      Path file = fleet.log("ids");
      write(file, draws);
      return List.of("get.lua", file.toString(), entrant.path(), "seconds");
    };
  }

  private void write(Path file, int draws) throws IOException {
    try (Writer writer = Files.newBufferedWriter(file)) {
      for (int i = 0; i < draws; i++) {
        writer.write(Integer.toString(draw.getAsInt()));
        writer.write('\n');
      }
    }
  }

  private static int zipf(double[] sums, SplittableRandom random) {
    int found = Arrays.binarySearch(sums, random.nextDouble() * sums[sums.length - 1]);
    int rank = found < 0 ? -found - 1 : found;
    // Popular users are spread over the store, since the first ones need not be the liveliest.
    return (int) (rank * 7_368_787L % sums.length) + 1;
  }

  private static double[] zipfSums(int users) {
    double[] sums = new double[users];
    double sum = 0;
    for (int i = 0; i < users; i++) {
      sum += 1.0 / (i + 1);
      sums[i] = sum;
    }
    return sums;
  }
}
