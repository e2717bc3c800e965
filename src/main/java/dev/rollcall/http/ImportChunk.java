package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.http.server.LineSplitter;
import dev.rollcall.users.DraftReader;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import dev.rollcall.wire.StrictJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines of an import that go to the store together, bad ones in their places among them. */
final class ImportChunk {

  private static final int MAX_LINES = 512;
  private static final int MAX_BYTES = 1 << 20;

  /** What a line takes beside its text. */
  private static final int LINE_COST = 256;

  /** A line: exactly one of what it asks for and what is wrong with it is set. */
  record Line(long number, @Nullable UserWrite write, @Nullable Failure failure) {}

  private final List<Line> lines = new ArrayList<>(MAX_LINES);
  private final List<UserWrite> writes = new ArrayList<>(MAX_LINES);
  private final @Nullable String by;
  private int bytes;

  /**
   * An empty one.
   *
   * @param by whose lines they are; null where nobody had to say who he is
   */
  ImportChunk(@Nullable String by) {
    this.by = by;
  }

  boolean isFull() {
    return lines.size() >= MAX_LINES || bytes >= MAX_BYTES;
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /** About how much memory it takes, in bytes. */
  long held() {
    return bytes + (long) lines.size() * LINE_COST;
  }

  /** In the order of the input. */
  List<Line> lines() {
    return lines;
  }

  /** What the good lines ask for, in the same order. */
  List<UserWrite> writes() {
    return writes;
  }

  /**
   * Adds lines until it is full, or there are no more for now.
   *
   * @param whole whether what is left behind the last line feed is a line as well
   * @param limit how many bytes a line may have
   */
  void fill(LineSplitter from, boolean whole, int limit) {
    while (!isFull()) {
      byte[] line = from.next();
      if (line == null && whole) {
        line = from.last();
      }
      if (line == null) {
        return;
      }
      add(from.number(), line, limit);
    }
  }

  private void add(long number, byte[] line, int limit) {
    if (line == LineSplitter.TOO_LONG) {
      Failure tooLong =
          Failure.of(Failure.Kind.TOO_LARGE, "a line must have at most " + limit + " bytes");
      lines.add(new Line(number, null, tooLong));
    } else if (!isBlank(line)) {
      bytes += line.length;
      try {
        UserWrite write = read(line).from(by);
        writes.add(write);
        lines.add(new Line(number, write, null));
      } catch (Failure failure) {
        lines.add(new Line(number, null, failure));
      }
    }
  }

  private static UserWrite read(byte[] line) {
    UserDraft draft = DraftReader.line(StrictJson.read(line));
    Long id = draft.id();
    return id == null
        ? new UserWrite.Create(draft, null)
        : new UserWrite.Put(id, draft, Precondition.NONE, null);
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
