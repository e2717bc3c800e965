/**
 * The erasures in a store, by statements that SQLite and PostgreSQL both understand: {@link
 * dev.rollcall.store.erasures.ErasureTables} for those who ask for them, {@link
 * dev.rollcall.store.erasures.ErasureWorkTables} for whoever carries them out.
 */
@NullMarked
package dev.rollcall.store.erasures;

import org.jspecify.annotations.NullMarked;
