package dev.rollcall.views;

import dev.rollcall.base.Failure;
import dev.rollcall.config.sources.ViewSettings.Mode;
import dev.rollcall.sources.SourceResult;
import dev.rollcall.users.User;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known about a user, and how each source of the view ended. Immutable.
 *
 * @param complete whether nothing that the mode asks for is missing
 * @param results one for each source of the view, as it lists them
 * @param failure why this is no answer, of kind {@code BAD_GATEWAY} or {@code GATEWAY_TIMEOUT};
 *     null where it is one
 * @param nanos how long it took
 */
public record ViewAnswer(
    User user,
    View view,
    Mode mode,
    boolean complete,
    List<SourceResult> results,
    @Nullable Failure failure,
    long nanos) {

  /** What an entry takes beside its value. */
  private static final int ENTRY = 100;

  /** About how many bytes it has as JSON. */
  public long size() {
    long size = user.json().length();
    for (SourceResult result : results) {
      Buffer value = result.value();
      size += ENTRY + (value == null ? 0 : value.length());
    }
    return size;
  }

  /** The answer as a JSON object. */
  public Buffer json() {
    return ViewJson.object(this);
  }

  /**
   * The members of that object without its braces, for a problem document: {@code
   * "user":{…},"view":…}.
   */
  public Buffer members() {
    return ViewJson.members(this);
  }

  /** How long each source took, as the value of a {@code Server-Timing} header. */
  public String serverTiming() {
    return ViewJson.serverTiming(this);
  }
}
