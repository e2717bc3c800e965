package dev.rollcall.store.erasures;

/** The statements of whoever carries erasures out that are the same in both databases. */
final class WorkStatements {
  /** So many targets are settled in one transaction. */
  private static final int SOME = 500;

  static final String EPOCH = "SELECT epoch FROM erasure_holder";

  static final String DUE_NOW =
      "UPDATE erasure_targets SET due = 0 WHERE kind = 'source' AND state <> 'erased'";

  static final String RUNNING =
      ErasureRows.SELECT + " WHERE ended_at IS NULL AND id > $1 ORDER BY id LIMIT $2";

  static final String DUE =
      "SELECT t.id, e.user_id, t.attempts FROM erasure_targets t JOIN erasures e ON e.id ="
          + " t.erasure WHERE t.kind = 'source' AND t.name = $1 AND t.due <= $2 AND t.state <>"
          + " 'erased' AND e.seq IS NOT NULL ORDER BY t.due LIMIT $3";

  static final String TOLD =
      "UPDATE erasure_targets SET state = $1, at = $2, attempts = attempts + 1, detail = $3,"
          + " due = $4 WHERE id = $5 AND state <> 'erased'";

  /** Webhooks and followers that have taken the deletion, or are there no more. */
  static final String FOLLOWED =
      "SELECT t.id, t.kind, w.id, w.lost - t.lost FROM erasure_targets t"
          + " JOIN erasures e ON e.id = t.erasure LEFT JOIN webhooks w ON w.id = t.subject"
          + " WHERE t.kind = 'webhook' AND t.state <> 'erased' AND e.seq IS NOT NULL"
          + " AND (w.id IS NULL OR (w.position >= e.seq AND NOT EXISTS (SELECT 1 FROM"
          + " webhook_parked p WHERE p.webhook = w.id AND p.user_id = e.user_id)))"
          + " UNION ALL SELECT t.id, t.kind, c.id, 0 FROM erasure_targets t"
          + " JOIN erasures e ON e.id = t.erasure LEFT JOIN kept_cursors c ON c.id = t.subject"
          + " WHERE t.kind = 'follower' AND t.state <> 'erased' AND e.seq IS NOT NULL"
          + " AND (c.id IS NULL OR c.position >= e.seq) LIMIT "
          + SOME;

  static final String PAUSED =
      " EXISTS (SELECT 1 FROM erasure_targets t JOIN webhooks w ON w.id = t.subject WHERE"
          + ErasureRows.OF_ERASURE
          + " AND t.kind = 'webhook' AND t.state <> 'erased' AND w.paused IS NOT NULL)";

  static final String ERASED =
      "UPDATE erasure_targets SET state = 'erased', at = $1, detail = $2 WHERE id = $3"
          + " AND state <> 'erased'";

  static final String DONE =
      "SELECT e.id, e.user_id, e.requested_at, e.made_by, e.seq FROM erasures e WHERE"
          + " e.ended_at IS NULL AND e.seq IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
          + " erasure_targets t WHERE"
          + ErasureRows.OF_ERASURE
          + " AND t.state <> 'erased') ORDER BY e.id LIMIT $1";

  static final String COMPLETE =
      "UPDATE erasures SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL AND seq IS NOT NULL";

  private WorkStatements() {}
}
