/**
 * What a database keeps beside users and jobs, all together: keys, sessions, webhooks, cursors,
 * erasures. {@link dev.rollcall.store.tables.Tables} makes each over one port, and knows in what
 * databases differ.
 */
@NullMarked
package dev.rollcall.store.tables;

import org.jspecify.annotations.NullMarked;
