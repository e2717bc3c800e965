package dev.rollcall.sources;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * How one source ended within a view's answer.
 *
 * @param source its name
 * @param nanos since it was to be asked first, or 0
 * @param attempts 0 for an answer from memory
 * @param value valid JSON without line breaks; null unless {@code OK}
 * @param detail a sentence for the client; null where there is nothing to say
 * @param timeline the attempts at its answer
 */
public record SourceResult(
    String source,
    SourceStatus status,
    long nanos,
    int attempts,
    @Nullable Buffer value,
    @Nullable String detail,
    Timeline timeline) {}
