package dev.rollcall.config.sources;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How many attempts at a source are under way at once from this process.
 *
 * @param most all of them together; at each URL where it is adaptive
 * @param adaptive whether that is found from how long answers take, from 1 to {@link #MOST}
 */
public record ConcurrencyLimit(int most, boolean adaptive) {
  /** The most that is ever found. */
  public static final int MOST = 1000;

  public static final ConcurrencyLimit ADAPTIVE = new ConcurrencyLimit(MOST, true);

  private static final ConcurrencyLimit DEFAULT = new ConcurrencyLimit(100, false);

  private static final int MOST_GIVEN = 100_000;
  private static final String TEXT = "adaptive";
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,6}");

  static final Key<ConcurrencyLimit> KEY =
      Key.of(
          "inFlight",
          DEFAULT,
          Rule.scalar(
              ConcurrencyLimit::parse,
              ConcurrencyLimit::isAllowed,
              ConcurrencyLimit::toString,
              "an integer from 1 to " + MOST_GIVEN + ", or " + TEXT));

  private static @Nullable ConcurrencyLimit parse(String text) {
    if (text.equalsIgnoreCase(TEXT)) {
      return ADAPTIVE;
    }
    return NUMBER.matcher(text).matches()
        ? new ConcurrencyLimit(Integer.parseInt(text), false)
        : null;
  }

  private boolean isAllowed() {
    return adaptive ? most == MOST : 1 <= most && most <= MOST_GIVEN;
  }

  /** The most exchanges with so many URLs. */
  public int most(int urls) {
    return adaptive ? most * Math.max(1, urls) : most;
  }

  /** As it is written in the configuration. */
  @Override
  public String toString() {
    return adaptive ? TEXT : Integer.toString(most);
  }
}
