package dev.rollcall.jobs;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job to be recorded.
 *
 * @param ids those that it is for, each once
 * @param key a job that was recorded under the same one is given instead; null for none
 * @param content stands for what was asked for under that key
 * @param by who starts it; null where nobody had to say who he is
 * @param queue how many jobs may wait, this one included
 */
public record NewJob(
    JobSpec spec, IdList ids, @Nullable UUID key, long content, @Nullable String by, int queue) {}
