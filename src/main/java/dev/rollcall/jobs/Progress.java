package dev.rollcall.jobs;

import org.jspecify.annotations.Nullable;

/**
 * How far a job is, and how fast.
 *
 * @param rate users a second, of late; 0 where nothing moves
 * @param secondsLeft until all are done at that rate; null where it can't be told
 */
public record Progress(Job job, double rate, @Nullable Double secondsLeft) {}
