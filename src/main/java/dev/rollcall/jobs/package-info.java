/**
 * Work that goes on in the background: a view of many users, or users fetched from a source and
 * stored.
 *
 * <pre>
 *   POST /jobs ─▶ Jobs ─▶ JobStore.start          JobVerticle × jobs.atOnce, an event loop each
 *                  │  └── cancel, get, list,         │ claim (the oldest that waits)
 *                  │      results                    ▼
 *                  │                              JobRun ─▶ JobWork: FetchWork, ImportWork
 *                  └── wakes, stops ────────────▶    │ results (base.BoundedConcurrency)
 *                                                    ▼
 *                                              JobStore.record (counts, results and the users of
 *                                              an import in one transaction)
 *
 *   queued ──▶ running ──▶ succeeded | failed
 *     │         │  ▲  └──▶ cancelled        handed back by a process that ends, or taken from one
 *     │         ▼  │                        that died: interrupted, until another one takes it
 *     │      interrupted ──▶ cancelled
 *     └──▶ cancelled
 * </pre>
 *
 * <p>A {@link dev.rollcall.jobs.JobRun} hands its results to a {@link
 * dev.rollcall.jobs.JobRecorder}, which records them in batches; a {@link dev.rollcall.base.Lease}
 * keeps the claim alive meanwhile.
 *
 * <p>What is recorded is the record: a job that is taken up again goes on with those that have no
 * result yet. Each time that a job is claimed its epoch is one more, and nothing of an earlier
 * epoch can be recorded any more, so that two processes which both take a job for theirs do no
 * harm.
 */
@NullMarked
package dev.rollcall.jobs;

import org.jspecify.annotations.NullMarked;
