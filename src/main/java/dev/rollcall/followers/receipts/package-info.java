/**
 * Receipts of erasures: what is known of one, signed, so that others can check it without asking
 * this program what it thinks.
 *
 * <p>{@link dev.rollcall.followers.receipts.StoredReceipts} signs where there is a store, by a key
 * that is kept there ({@link dev.rollcall.followers.receipts.ReceiptKeyStore}); {@link
 * dev.rollcall.followers.receipts.PublishedKeys} are the public halves, on any node.
 */
@NullMarked
package dev.rollcall.followers.receipts;

import org.jspecify.annotations.NullMarked;
