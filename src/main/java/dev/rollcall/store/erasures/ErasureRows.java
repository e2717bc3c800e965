package dev.rollcall.store.erasures;

import static dev.rollcall.store.statements.Values.number;
import static dev.rollcall.store.statements.Values.text;
import static dev.rollcall.store.statements.Values.time;
import static dev.rollcall.store.statements.Values.timeOrNull;

import dev.rollcall.followers.erasures.Erasure;
import dev.rollcall.followers.erasures.ErasureTarget;
import dev.rollcall.followers.erasures.ErasureTarget.Kind;
import dev.rollcall.followers.erasures.ErasureTarget.State;
import dev.rollcall.followers.erasures.ErasureWork.Running;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Rows of erasures and of their targets. */
final class ErasureRows {
  /** How many numbers the targets of an erasure have; more than there can be of them. */
  static final long NUMBERS = 10_000;

  /** The condition that a target is one of an erasure, whose id is what stands before it. */
  static final String OF_ERASURE =
      " t.id >= e.id * " + NUMBERS + " AND t.id < (e.id + 1) * " + NUMBERS;

  static final String SELECT =
      "SELECT id, user_id, requested_at, made_by, seq, ended_at FROM erasures";

  /** With how the delivery to a webhook gets on. */
  static final String TARGETS =
      "SELECT t.kind, t.name, t.state, t.at, t.attempts, t.detail, w.paused, w.last_error,"
          + " p.attempts FROM erasures e JOIN erasure_targets t ON"
          + OF_ERASURE
          + " LEFT JOIN webhooks w ON w.id = t.subject AND t.kind = 'webhook' AND t.state <>"
          + " 'erased' LEFT JOIN webhook_parked p ON p.webhook = w.id AND p.user_id = e.user_id"
          + " WHERE e.id = $1 ORDER BY t.id";

  private ErasureRows() {}

  static Erasure erasure(@Nullable Object[] row, List<@Nullable Object[]> targets) {
    return new Erasure(
        number(row[0]),
        number(row[1]),
        time(row[2]),
        (String) row[3],
        (Long) row[4],
        row[5] != null,
        targets.stream().map(ErasureRows::target).toList());
  }

  private static ErasureTarget target(@Nullable Object[] row) {
    Kind kind = Kind.valueOf(text(row[0]).toUpperCase(Locale.ROOT));
    State state = State.valueOf(text(row[2]).toUpperCase(Locale.ROOT));
    Instant at = timeOrNull(row[3]);
    boolean paused = row[6] != null;
    boolean parked = row[8] != null;
    if (!paused && !parked) {
      return new ErasureTarget(
          kind, text(row[1]), state, at, number(row[4]), (String) row[5], false);
    }
    return new ErasureTarget(
        kind,
        text(row[1]),
        State.FAILED,
        at,
        parked ? number(row[8]) : 0,
        paused ? "it is paused: " + row[6] : (String) row[7],
        paused);
  }

  static Running running(@Nullable Object[] row) {
    return new Running(number(row[0]), number(row[1]), (String) row[3], row[4] != null);
  }
}
