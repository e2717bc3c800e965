/**
 * The positions of followers in a store, by statements that SQLite and PostgreSQL both understand:
 * {@link dev.rollcall.store.cursors.CursorTables}, over the same way to the database as keys.
 */
@NullMarked
package dev.rollcall.store.cursors;

import org.jspecify.annotations.NullMarked;
