/**
 * Users and jobs in an embedded SQLite file, with a cache before it.
 *
 * <pre>
 *   SqliteStore ── find ──▶ UserCache ── miss ──▶ ReadPool ──▶ ReadSession ─┐
 *        │                      ▲                                          ├─▶ SqliteFile
 *        └──────▶ SqliteTransactions ──────────▶ WriteSession ─────────────┘
 *                  and SqliteJobs          UserRows, FeedRows, JobRows
 * </pre>
 *
 * <p>{@link dev.rollcall.store.sqlite.SqliteFile} takes the file by its {@link
 * dev.rollcall.store.sqlite.SqliteLock}; {@link dev.rollcall.store.sqlite.SqliteEpoch} tells before
 * anything is served whether it is the one that was served last.
 */
@NullMarked
package dev.rollcall.store.sqlite;

import org.jspecify.annotations.NullMarked;
