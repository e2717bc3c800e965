/**
 * Users and jobs in a PostgreSQL database that several nodes share.
 *
 * <pre>
 *   PostgresStore ── find, list, changes ──▶ PostgresReads ──▶ PostgresLane ─────┐
 *        │                                        ▲ PostgresNews (what other     ├─▶ Postgres-
 *        │                                          nodes wrote)                 │   Connector
 *        └──────▶ PostgresTransactions ──▶ PostgresSession ──────────────────────┘
 *             and PostgresTasks    PostgresLoad, then PostgresBatch, then PostgresWriteBack
 * </pre>
 */
@NullMarked
package dev.rollcall.store.postgres;

import org.jspecify.annotations.NullMarked;
