/**
 * The keys of callers in a store, by statements that SQLite and PostgreSQL both understand.
 *
 * <p>{@link dev.rollcall.store.keys.KeyTables} is what is done with them. A store gives it a {@code
 * KeyTables.Port} to its own transactions and reads, in which {@link
 * dev.rollcall.store.keys.KeyStatements} stand for a connection ({@code JdbcStatements}, {@code
 * PgStatements}).
 */
@NullMarked
package dev.rollcall.store.keys;

import org.jspecify.annotations.NullMarked;
