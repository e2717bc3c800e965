/**
 * The results of jobs as whoever erases a user changes them, by statements that SQLite and
 * PostgreSQL both understand, over the same port as {@code store.keys}.
 */
@NullMarked
package dev.rollcall.store.traces;

import org.jspecify.annotations.NullMarked;
