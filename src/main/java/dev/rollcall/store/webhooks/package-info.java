/**
 * Webhooks in a store, by statements that SQLite and PostgreSQL both understand, over a {@link
 * dev.rollcall.store.statements.TablePort}: {@link dev.rollcall.store.webhooks.WebhookTables} is
 * what their owners do, {@link dev.rollcall.store.webhooks.DeliveryTables} what those who deliver
 * do, and {@code ProgressRows} what these record.
 */
@NullMarked
package dev.rollcall.store.webhooks;

import org.jspecify.annotations.NullMarked;
