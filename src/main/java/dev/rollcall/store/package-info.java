/**
 * What every store of users has in common: one writer for each process, whose thread takes all
 * writes that wait into one transaction and decides them by the same rules.
 *
 * <pre>
 *   LocalStore.write
 *     ─▶ WriteQueue ─▶ GroupCommit ─▶ Transactions ─▶ WriteApplication ─▶ users.Decision
 *                           │ after COMMIT: what readers see, then the callers
 * </pre>
 *
 * <p>What differs is below: {@link dev.rollcall.store.sqlite} keeps users in an embedded file,
 * {@link dev.rollcall.store.postgres} in a database that several nodes share, both behind {@link
 * dev.rollcall.users.UserStore}; {@link dev.rollcall.store.copy} takes the users of one to the
 * other.
 *
 * <p>{@link LocalStore} is what both extend; {@link Sql} binds and reads what is asked over JDBC.
 *
 * <p>Jobs ({@link dev.rollcall.jobs.JobStore}) are kept beside the users. What is written of them
 * is a {@link PendingTask}, with a transaction of its own in turn with the batches of writes. Keys
 * of callers are as well ({@link dev.rollcall.store.tables}).
 *
 * <p>Where a store was put back to an earlier state an {@link dev.rollcall.store.Epoch} begins.
 *
 * <p>Seqs ascend in the order of the commits: SQLite has one writer, and in PostgreSQL each writing
 * transaction locks the row of the counters first and holds it until its commit.
 */
@NullMarked
package dev.rollcall.store;

import org.jspecify.annotations.NullMarked;
