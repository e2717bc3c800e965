package dev.rollcall.sources;

import dev.rollcall.sources.cache.CacheFields;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * How one attempt ended.
 *
 * @param value valid JSON without line breaks; null unless {@code OK}
 * @param detail a sentence for the client; null for {@code OK}
 * @param overloaded whether it says that there is too much to do, so that fewer attempts may help
 * @param fields what its head says to caches; null where nobody looks at it
 */
public record SourceReply(
    Ending ending,
    @Nullable Buffer value,
    @Nullable String detail,
    boolean overloaded,
    @Nullable CacheFields fields) {
  public enum Ending {
    OK,
    ABSENT,
    /** The answer that is known is still the same; never seen by those who fetch. */
    UNCHANGED,
    /** It can't be reached, breaks off, or reports a failure: asking again may help. */
    BROKEN,
    /** Its answer is unusable: asking again would bring the same. */
    REJECTED,
    /** No answer within the attempt's time. */
    LATE,
    /** Too many attempts are under way, or its breaker is open. */
    REFUSED
  }

  private SourceReply(Ending ending, @Nullable Buffer value, @Nullable String detail) {
    this(ending, value, detail, false, null);
  }

  public static SourceReply ok(Buffer value) {
    return new SourceReply(Ending.OK, value, null);
  }

  public static SourceReply absent(String detail) {
    return new SourceReply(Ending.ABSENT, null, detail);
  }

  public static SourceReply unchanged() {
    return new SourceReply(Ending.UNCHANGED, null, null);
  }

  public static SourceReply broken(String detail) {
    return new SourceReply(Ending.BROKEN, null, detail);
  }

  public static SourceReply rejected(String detail) {
    return new SourceReply(Ending.REJECTED, null, detail);
  }

  public static SourceReply late(String detail) {
    return new SourceReply(Ending.LATE, null, detail);
  }

  public static SourceReply refused(String detail) {
    return new SourceReply(Ending.REFUSED, null, detail);
  }

  /** The same reply of a source that has too much to do. */
  public SourceReply whenOverloaded() {
    return new SourceReply(ending, value, detail, true, fields);
  }

  /** The same, with what its head says to caches. */
  public SourceReply with(@Nullable CacheFields said) {
    return new SourceReply(ending, value, detail, overloaded, said);
  }

  /** The status that it has in a view's answer. */
  public SourceStatus status() {
    return switch (ending) {
      case OK, UNCHANGED -> SourceStatus.OK;
      case ABSENT -> SourceStatus.ABSENT;
      case BROKEN, REJECTED -> SourceStatus.FAILED;
      case LATE -> SourceStatus.TIMEOUT;
      case REFUSED -> SourceStatus.REFUSED;
    };
  }
}
