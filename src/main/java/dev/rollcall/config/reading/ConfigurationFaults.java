package dev.rollcall.config.reading;

import java.util.List;

/** The configuration is wrong. Carries every fault that was found, not only the first. */
public final class ConfigurationFaults extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> faults;

  public ConfigurationFaults(List<String> faults) {
    // The faults are the user's and not the program's, so a stack trace would say nothing.
    super(String.join("; ", faults), null, false, false);
    this.faults = List.copyOf(faults);
  }

  /** One line per fault: the key, the value where it may be shown, and what is allowed. */
  public List<String> faults() {
    return faults;
  }
}
