package dev.rollcall.wire;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds single values in JSON that is known to be valid, without building a tree. */
public final class JsonText {
  private JsonText() {}

  /** The text of a string, number or boolean; null where there is none at that place. */
  public static @Nullable String at(Buffer json, List<String> path) {
    return null;
  }
}
