/**
 * The keys of receipts in a store, by statements that SQLite and PostgreSQL both understand, over
 * the same port as {@code store.keys}.
 */
@NullMarked
package dev.rollcall.store.receipts;

import org.jspecify.annotations.NullMarked;
