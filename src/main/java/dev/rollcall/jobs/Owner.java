package dev.rollcall.jobs;

/**
 * Who holds a job: one of those in a process that run one at a time. A job that it held when it
 * claims another is nobody's any more.
 *
 * @param process names the process; no other one, and no later one, has the same
 * @param instance tells it from the others in the process
 */
public record Owner(String process, int instance) {
  /** As it stands in the store. */
  public String name() {
    return prefix() + instance;
  }

  /** What the names of all in the process begin with. */
  public String prefix() {
    return process + "/";
  }
}
