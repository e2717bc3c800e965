/**
 * Where users are kept: an embedded SQLite file, behind {@link dev.rollcall.users.UserStore}.
 *
 * <pre>
 *   SqliteStore ── find ──▶ UserCache ── miss ──▶ ReadPool ──▶ ReadSession ─┐
 *        │                      ▲                                          ├─▶ SqliteFile
 *        └─ write ─▶ WriteQueue ─▶ GroupCommit ──▶ WriteSession ───────────┘
 *                               │  one thread: many writes, one transaction
 *                               └─ after COMMIT: cache, then Published, then the callers
 * </pre>
 */
@NullMarked
package dev.rollcall.store;

import org.jspecify.annotations.NullMarked;
