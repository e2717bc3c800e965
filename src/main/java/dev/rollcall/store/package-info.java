/**
 * Where users are kept, behind {@link dev.rollcall.users.UserStore}: in an embedded SQLite file, or
 * in a PostgreSQL database that several nodes share.
 *
 * <p>Both have one writer for each process, whose thread takes all writes that wait into one
 * transaction and decides them by the same rules:
 *
 * <pre>
 *   write ─▶ WriteQueue ─▶ GroupCommit ─▶ Transactions ─▶ WriteApplication ─▶ users.Decision
 *                              │ after COMMIT: what readers see, then the callers
 *
 *   SqliteStore ── find ──▶ UserCache ── miss ──▶ ReadPool ──▶ ReadSession ─┐
 *        │                      ▲                                          ├─▶ SqliteFile
 *        └──────▶ SqliteTransactions ──────────▶ WriteSession ─────────────┘
 *
 *   PostgresStore ── find, list, changes ──▶ PostgresReads ──▶ PostgresLane ─────┐
 *        │                                        ▲ PostgresNews (what other     ├─▶ Postgres-
 *        │                                          nodes wrote)                 │   Connector
 *        └──────▶ PostgresTransactions ──▶ PostgresSession ──────────────────────┘
 *             and PostgresTasks    PostgresLoad, then PostgresBatch, then PostgresWriteBack
 * </pre>
 *
 * <p>Jobs ({@link dev.rollcall.jobs.JobStore}) are kept beside the users. What is written of them
 * is a {@code PendingTask}, with a transaction of its own in turn with the batches of writes.
 *
 * <p>Seqs ascend in the order of the commits: SQLite has one writer, and in PostgreSQL each writing
 * transaction locks the row of the counters first and holds it until its commit.
 */
@NullMarked
package dev.rollcall.store;

import org.jspecify.annotations.NullMarked;
