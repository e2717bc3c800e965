package dev.rollcall.store.copy;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows on their way into one table of the target, as many as one transaction takes: enough for the
 * disk to be asked seldom, and so few that they fit into memory however large they are.
 */
final class CopyBatch {
  private static final int ROWS = 2_000;
  private static final int BYTES = 8 << 20;

  private final CopySide target;
  private final CopyTable table;
  private final CopyProgress progress;
  private final List<CopyRow> rows = new ArrayList<>();
  private int bytes;

  CopyBatch(CopySide target, CopyTable table, CopyProgress progress) {
    this.target = target;
    this.table = table;
    this.progress = progress;
  }

  void add(CopyRow row) throws SQLException {
    rows.add(row);
    bytes += row.bytes();
    if (rows.size() >= ROWS || bytes >= BYTES) {
      write();
    }
  }

  /** Writes what has gathered, if anything has. */
  void write() throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    target.write(table, rows);
    progress.written(rows.size());
    rows.clear();
    bytes = 0;
  }
}
