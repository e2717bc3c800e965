/**
 * The sessions of users in a store, and the keys that sign their tokens, by statements that SQLite
 * and PostgreSQL both understand.
 *
 * <p>{@link dev.rollcall.store.sessions.SessionTables} is what is done with them, over the same
 * port as {@code store.keys}; {@code SigningKeyRows} are the keys within a transaction.
 */
@NullMarked
package dev.rollcall.store.sessions;

import org.jspecify.annotations.NullMarked;
