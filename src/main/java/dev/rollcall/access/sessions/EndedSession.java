package dev.rollcall.access.sessions;

import java.time.Instant;
import java.util.UUID;

/**
 * A session that ended before its time.
 *
 * @param until when the last of its tokens has run out, from which on nobody need know of it
 */
public record EndedSession(UUID id, Instant until) {}
