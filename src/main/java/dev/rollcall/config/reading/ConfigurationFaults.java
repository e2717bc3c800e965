package dev.rollcall.config.reading;

import java.util.List;

/** The configuration is wrong; carries every fault. */
public final class ConfigurationFaults extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> faults;

  public ConfigurationFaults(List<String> faults) {
    // The faults are the user's, so there is no stack trace.
    super(String.join("; ", faults), null, false, false);
    this.faults = List.copyOf(faults);
  }

  /** One line per fault: the key, the value where it may be shown, and what is allowed. */
  public List<String> faults() {
    return faults;
  }
}
