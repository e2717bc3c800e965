package dev.rollcall.followers.cursors;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A follower as a caller wants it to be.
 *
 * @param id the one that it gets where it is new, a random number from 1
 * @param after where it is to stand, also where it is there already; null where it is to stay, or
 *     to begin at {@code otherwise}
 * @param otherwise where a new one begins without {@code after}
 * @param now the present moment, to the millisecond
 * @param by who wants it; null where nobody has to say who he is
 * @param ofOthers whether it may be one that somebody else made
 */
public record WantedCursor(
    long id,
    String name,
    @Nullable Long after,
    long otherwise,
    Instant now,
    @Nullable String by,
    boolean ofOthers) {}
