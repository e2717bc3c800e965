package dev.rollcall.config.sources;

import dev.rollcall.config.reading.Units;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When a second attempt is made beside the first one.
 *
 * @param after the first attempt's start; zero with a percentile
 * @param percentile of the time that recent attempts took; 0 with a time
 */
public record Hedge(Duration after, double percentile) {
  public static final Hedge NEVER = new Hedge(Duration.ZERO, 0);

  private static final Pattern PERCENTILE = Pattern.compile("p([0-9]{2}(\\.[0-9])?)");

  static @Nullable Hedge parse(String text) {
    Matcher percentile = PERCENTILE.matcher(text);
    if (percentile.matches()) {
      return new Hedge(Duration.ZERO, Double.parseDouble(text.substring(1)));
    }
    Duration after = Units.duration(text);
    return after == null ? null : new Hedge(after, 0);
  }

  boolean isAllowed() {
    return percentile == 0
        ? SourceRules.TIME.allows(after)
        : after.isZero() && 50 <= percentile && percentile <= 99.9;
  }

  /** As it is written in the configuration. */
  @Override
  public String toString() {
    if (equals(NEVER)) {
      return "never";
    }
    return percentile == 0
        ? Units.show(after)
        : "p" + BigDecimal.valueOf(percentile).stripTrailingZeros().toPlainString();
  }
}
