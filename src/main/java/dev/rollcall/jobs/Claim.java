package dev.rollcall.jobs;

import dev.rollcall.base.Deadline;
import java.util.BitSet;

/**
 * A job that this process may run.
 *
 * @param epoch which claim of the job this is; what is told under an earlier one counts no more
 * @param watermark the position below which all ids have results
 * @param recorded the positions from there on that have results; not to be changed
 * @param until by when it must be heard of, unless another process may take it
 */
public record Claim(
    Job job, long epoch, IdList ids, int watermark, BitSet recorded, Deadline until) {}
