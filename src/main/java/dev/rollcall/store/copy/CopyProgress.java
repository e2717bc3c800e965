package dev.rollcall.store.copy;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Says how far a copy is: for each table at its end, and once a second meanwhile. */
final class CopyProgress {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Consumer<String> out;
  private String table = "";
  private long total;
  private long done;
  private long written;
  private long began;
  private long saidAt;

  CopyProgress(Consumer<String> out) {
    this.out = out;
  }

  /**
   * Begins with a table.
   *
   * @param done how many of its rows were there before
   * @param total how many there are to be
   */
  void begin(CopyTable table, long done, long total) {
    this.table = table.name();
    this.done = done;
    this.total = total;
    written = 0;
    began = System.nanoTime();
    saidAt = began;
  }

  /** Takes note of rows that are committed. */
  void written(int rows) {
    done += rows;
    written += rows;
    if (System.nanoTime() - saidAt >= PAUSE_NANOS) {
      saidAt = System.nanoTime();
      say();
    }
  }

  /** Ends with the table. */
  void end() {
    say();
  }

  private void say() {
    double seconds = Math.max(1, System.nanoTime() - began) / 1e9;
    out.accept(
        String.format(
            Locale.ROOT,
            "%s: %d of %d rows, %.0f a second",
            table,
            done,
            total,
            written / seconds));
  }
}
