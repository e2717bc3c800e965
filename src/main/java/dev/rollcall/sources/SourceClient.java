package dev.rollcall.sources;

import dev.rollcall.config.SourceSettings;

/** Asks one source, as its settings say. */
final class SourceClient {
  private final SourceSettings settings;

  SourceClient(SourceSettings settings) {
    this.settings = settings;
  }

  SourceSettings settings() {
    return settings;
  }
}
