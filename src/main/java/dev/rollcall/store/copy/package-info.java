/**
 * Copies a store into an empty one of whichever kind, while nothing else uses either.
 *
 * <pre>
 *   StoreCopy ──▶ CopyBatch ──▶ CopySide (of SQLite, of PostgreSQL), table by table
 *        └──────▶ CopyComparison ──▶ TableDigest
 * </pre>
 */
@NullMarked
package dev.rollcall.store.copy;

import org.jspecify.annotations.NullMarked;
