/**
 * The way to tables that stand beside those of users and jobs, by statements that SQLite and
 * PostgreSQL both understand. A store gives a {@link dev.rollcall.store.statements.TablePort} to
 * its own transactions and reads, in which {@link dev.rollcall.store.statements.Statements} stand
 * for a connection ({@code JdbcStatements}, {@code PgStatements}). {@code LeasedRows} are held by
 * one process at a time, and {@link dev.rollcall.store.statements.Dialect} is in what the databases
 * differ.
 */
@NullMarked
package dev.rollcall.store.statements;

import org.jspecify.annotations.NullMarked;
