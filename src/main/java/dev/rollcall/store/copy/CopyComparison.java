package dev.rollcall.store.copy;

import java.sql.SQLException;
import java.util.function.Consumer;

/** Reads both sides of a copy again, and says of each table whether they are the same. */
record CopyComparison(CopySide source, CopySide target, Consumer<String> out) {
  /** As much of a digest as people compare; what decides is all of it. */
  private static final int DIGITS_SHOWN = 16;

  /** Whether all rows of all tables are the same. */
  boolean sameRows() throws SQLException {
    boolean same = true;
    out.accept(line("table", "source", "target", "SHA-256", ""));
    for (CopyTable table : source.tables()) {
      TableDigest.Summary ours = source.digest(table);
      TableDigest.Summary theirs = target.digest(table);
      boolean equal = ours.equals(theirs);
      same &= equal;
      out.accept(
          line(
              table.name(),
              Long.toString(ours.rows()),
              Long.toString(theirs.rows()),
              equal ? shown(ours) : shown(ours) + " : " + shown(theirs),
              equal ? "the same" : "DIFFERENT"));
    }
    return same;
  }

  /** Whether both sides go on counting from the same numbers. */
  boolean sameCounts() throws SQLException {
    CopySide.Counts ours = source.counts();
    CopySide.Counts theirs = target.counts();
    boolean same = count("last seq", ours.lastSeq(), theirs.lastSeq());
    same &= count("next id", ours.nextId(), theirs.nextId());
    same &= count("pruned seq", ours.prunedSeq(), theirs.prunedSeq());
    return same;
  }

  private boolean count(String name, long ours, long theirs) {
    boolean same = ours == theirs;
    String verdict = same ? "the same" : "DIFFERENT";
    out.accept(line(name, Long.toString(ours), Long.toString(theirs), "", verdict));
    return same;
  }

  private static String shown(TableDigest.Summary summary) {
    return summary.digest().substring(0, DIGITS_SHOWN);
  }

  private static String line(
      String name, String source, String target, String digest, String verdict) {
    return "%-14s %16s %16s  %-16s  %s"
        .formatted(name, source, target, digest, verdict)
        .stripTrailing();
  }
}
