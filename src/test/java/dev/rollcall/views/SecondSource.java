package dev.rollcall.views;

/** The second source of a cell's view, by when it answers; so little depends on times. */
enum SecondSource {
  AT_ONCE,
  /** Once the first source has ended. */
  LATER,
  NEVER;

  /** The one that makes of a cell what it is. */
  static SecondSource of(Cell cell) {
    return switch (cell.y()) {
      case CANCELLED -> NEVER;
      case OK -> cell.isFirst() ? LATER : AT_ONCE;
      default -> AT_ONCE;
    };
  }

  /** Its name among the sources. */
  String source() {
    return "y" + this;
  }
}
