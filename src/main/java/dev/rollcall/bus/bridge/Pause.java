package dev.rollcall.bus.bridge;

/** Why a socket is read no further. */
enum Pause {
  /** The client sent too fast. */
  RATE,

  /** The client leaves too much of what it was sent unread. */
  BACKLOG,

  /** Too much of what the client sent awaits a reply. */
  UNANSWERED,

  /** There is no room for the rest of what has come in part. */
  ROOM,

  /** Who the client is is being found out. */
  IDENTITY
}
