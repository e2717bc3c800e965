package dev.rollcall.store.copy;

import dev.rollcall.store.UnfinishedCopy;
import dev.rollcall.store.copy.CopySide.Counts;
import dev.rollcall.store.sqlite.SqliteFile;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;
import org.sqlite.SQLiteException;

/**
 * Moves everything that one store holds into another: users, passwords, the change feed with what
 * it knows of repeated writes, retired ids, keys, webhooks, counters. Sessions stay behind: users
 * log in again. So do jobs: they are work, not what is worked on, and one that is under way would
 * be at work twice.
 *
 * <pre>
 *   new ── mark ──▶ unfinished ── rows, in the order of their keys ──▶ all rows
 *                       ▲                │ killed                         │ both sides read again
 *                       └────────────────┘ goes on behind the last key    ▼
 *                                                     finished ◀── counters set, mark gone
 * </pre>
 *
 * <p>The source is left as it is. A target that is not finished keeps the mark of {@link
 * UnfinishedCopy}, so nobody can take it for whole.
 */
public final class StoreCopy {
  private final CopySide source;
  private final CopySide target;
  private final Consumer<String> out;

  private StoreCopy(CopySide source, CopySide target, Consumer<String> out) {
    this.source = source;
    this.target = target;
    this.out = out;
  }

  /**
   * Copies, or goes on with a copy that was interrupted, and compares. Blocks as long as that
   * takes.
   *
   * @param out takes lines of progress, and at the end what both sides hold
   * @return whether both sides hold the same; where not, the target stays unfinished
   * @throws IllegalStateException with a sentence for the operator: the source is in use or not
   *     there, the target holds other data, one of them fails. What was copied so far stays.
   */
  public static boolean run(StorePlace from, StorePlace to, Consumer<String> out) {
    try (CopySide source = from.openSource();
        CopySide target = to.openTarget()) {
      return new StoreCopy(source, target, out).run();
    } catch (SQLException e) {
      throw new IllegalStateException(reason(e), e);
    } catch (IOException e) {
      throw new IllegalStateException("a database file can't be let go: " + e.getMessage(), e);
    }
  }

  private static String reason(SQLException e) {
    // The first of a batch says only that it was a batch.
    SQLException cause = e.getNextException() == null ? e : e.getNextException();
    return cause instanceof SQLiteException
        ? SqliteFile.reason(cause)
        : String.valueOf(cause.getMessage());
  }

  private boolean run() throws SQLException {
    Counts state = source.counts();
    boolean finished = isFinished(state);
    CopyProgress progress = new CopyProgress(out);
    if (!finished) {
      for (CopyTable table : source.tables()) {
        copy(table, progress);
      }
    }
    out.accept("comparing %s and %s".formatted(source.name(), target.name()));
    boolean same = new CopyComparison(source, target, out).sameRows();
    if (same && !finished) {
      target.finish(state, source.lastKeyId());
    }
    return same && new CopyComparison(source, target, out).sameCounts();
  }

  /** Finds out what there is to be done, and marks a new target. */
  private boolean isFinished(Counts state) throws SQLException {
    Optional<Counts> begun = target.unfinished();
    if (begun.isPresent()) {
      if (!begun.get().equals(state)) {
        throw new IllegalStateException(
            "%s was written to since the copy into %s began; remove that and begin anew"
                .formatted(source.name(), target.name()));
      }
      out.accept("going on with the copy from %s to %s".formatted(source.name(), target.name()));
      return false;
    }
    if (target.isNew()) {
      target.begin(state);
      out.accept("copying from %s to %s, all but jobs".formatted(source.name(), target.name()));
      return false;
    }
    if (!target.counts().equals(state)) {
      throw new IllegalStateException(target.name() + " holds other data");
    }
    out.accept("%s was copied to %s before".formatted(source.name(), target.name()));
    return true;
  }

  private void copy(CopyTable table, CopyProgress progress) throws SQLException {
    long after = target.lastKey(table);
    progress.begin(table, target.rows(table), source.rows(table));
    CopyBatch batch = new CopyBatch(target, table, progress);
    source.read(table, after, batch::add);
    batch.write();
    progress.end();
  }
}
