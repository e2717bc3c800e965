/**
 * Users and jobs in a PostgreSQL database that several nodes share.
 *
 * <pre>
 *   PostgresStore ── find, list, changes ──▶ PostgresReads ──▶ PostgresReader ───┐
 *        │                                       ▲ PostgresNotifications           ├─▶ Postgres-
 *        │                                         (what other nodes wrote)        │   Connector
 *        └──────▶ PostgresTransactions ──▶ PostgresSession ────────────────────────┘
 *             and PostgresTasks    PostgresLoad, then PostgresBatch, then PostgresWriteBack
 * </pre>
 *
 * <p>{@link dev.rollcall.store.postgres.PostgresEpoch} tells at the start, and whenever the writer
 * has connected anew, whether the database was put back to an earlier state.
 */
@NullMarked
package dev.rollcall.store.postgres;

import org.jspecify.annotations.NullMarked;
