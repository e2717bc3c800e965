/**
 * Users and jobs in an embedded SQLite file, with a cache before it.
 *
 * <pre>
 *   SqliteStore ── find ──▶ UserCache ── miss ──▶ ReadPool ──▶ ReadSession ─┐
 *        │                      ▲                                          ├─▶ SqliteFile
 *        └──────▶ SqliteTransactions ──────────▶ WriteSession ─────────────┘
 *                  and SqliteJobs          FeedRows, CredentialRows, JobRows
 * </pre>
 */
@NullMarked
package dev.rollcall.store.sqlite;

import org.jspecify.annotations.NullMarked;
