package dev.rollcall.http;

import org.jspecify.annotations.Nullable;

/** What the body of a batch asks for. */
final class BatchRequest {

  private final long[] ids;
  private final int concurrency;
  private final @Nullable String mode;

  /** Takes over the ids, of which there may be too many to be objects. */
  BatchRequest(long[] ids, int concurrency, @Nullable String mode) {
    this.ids = ids;
    this.concurrency = concurrency;
    this.mode = mode;
  }

  /** How many ids there are. */
  int size() {
    return ids.length;
  }

  /** One of the ids, from 0 on. */
  long id(int index) {
    return ids[index];
  }

  /** How many are to be fetched at once. */
  int concurrency() {
    return concurrency;
  }

  /** As it was given; null for the view's own. */
  @Nullable String mode() {
    return mode;
  }
}
