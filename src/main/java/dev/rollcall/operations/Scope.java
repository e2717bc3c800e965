package dev.rollcall.operations;

/** What a caller must be allowed to do, named as the contract names it. Not enforced yet. */
public enum Scope {
  /** Nothing: everybody may. */
  OPEN,
  /** {@code users:read}: one user, lists, the export and the feed. */
  USERS_READ,
  /** {@code users:write}: creating, changing, deleting and importing users. */
  USERS_WRITE,
  /** {@code credentials}: setting and verifying passwords. */
  CREDENTIALS,
  /** {@code views:read}: views and batches of them. */
  VIEWS_READ,
  /** {@code jobs}: starting, reading, following and cancelling jobs. */
  JOBS
}
