/**
 * How many bytes are in memory for clients: {@link dev.rollcall.budgets.InboundBudget} bounds what
 * comes from them, {@link dev.rollcall.budgets.OutboundBudget} what is on its way to them, over all
 * transports together. A share is what one request or answer holds.
 */
@NullMarked
package dev.rollcall.budgets;

import org.jspecify.annotations.NullMarked;
