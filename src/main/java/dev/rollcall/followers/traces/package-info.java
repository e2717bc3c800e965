/**
 * What is held of a user beside the store's users and their feed, and how it is forgotten: results
 * of jobs in the store, and on each node answers kept of sources and fetches that were seen.
 *
 * <p>{@link dev.rollcall.followers.traces.NodeTraces} has all nodes forget what they hold, and
 * {@link dev.rollcall.followers.traces.JobResultErasure} replaces results.
 */
@NullMarked
package dev.rollcall.followers.traces;

import org.jspecify.annotations.NullMarked;
