package dev.rollcall.jobs;

import dev.rollcall.base.Deadline;
import java.util.BitSet;

/**
 * A job that this process may run.
 *
 * @param epoch which claim of the job this is; nothing of an earlier one is recorded any more
 * @param watermark the position below which all ids have results
 * @param recorded the positions from there on that have results; not to be changed
 * @param until when another process may take it, unless the claim is extended
 */
public record Claim(
    Job job, long epoch, IdList ids, int watermark, BitSet recorded, Deadline until) {}
