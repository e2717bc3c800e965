package dev.rollcall.jobs;

/**
 * What a process is told of jobs that another one changed. Hints: what is missed shows when the
 * store is next asked.
 *
 * <p>Called on the store's threads, which must not be kept.
 */
public interface JobNews {

  /** There may be a job that waits. */
  void waiting();

  /** A job may have been cancelled. */
  void cancelled(long id);
}
