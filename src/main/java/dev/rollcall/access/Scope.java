package dev.rollcall.access;

/** What the caller of an operation must be allowed to do, as the contract names it. */
public enum Scope {
  /** Nothing: everybody may, and nobody has to say who he is. */
  OPEN(""),
  /** One user, lists, the export and the feed. */
  USERS_READ("users:read"),
  /** Creating, changing, deleting and importing users. */
  USERS_WRITE("users:write"),
  /** Setting and verifying passwords. */
  CREDENTIALS("credentials"),
  /** Views and batches of them; {@code views:read:<view>} opens one view alone. */
  VIEWS_READ("views:read"),
  /** Starting, reading, following and cancelling jobs; what a job does needs its own scope too. */
  JOBS("jobs"),
  /** Making, listing and deleting keys. */
  KEYS("keys"),
  /** Webhooks and followers, which need {@link #USERS_READ} as well. */
  WEBHOOKS("webhooks"),
  /** The port of operators. */
  OPS("ops");

  /** What stands for all scopes, and opens what others own. */
  public static final String ALL = "*";

  private final String text;

  Scope(String text) {
    this.text = text;
  }

  /** As it stands in tokens and keys. */
  public String text() {
    return text;
  }

  /**
   * Refuses a caller who does not hold it, or what it needs beside it.
   *
   * @throws dev.rollcall.base.Failure {@code FORBIDDEN} that names the scope
   */
  public void admit(Principal caller) {
    if (this == VIEWS_READ) {
      caller.requireSome(text);
    } else if (this != OPEN) {
      caller.require(text);
    }
    if (this == WEBHOOKS) {
      caller.require(USERS_READ.text); // Followers are told of users.
    }
  }
}
