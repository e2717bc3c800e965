package dev.rollcall.followers.cursors;

/**
 * What became of a follower that was put.
 *
 * @param isNew whether it was made; the same call, repeated after its answer was lost, says so
 *     again
 */
public record PutCursor(KeptCursor cursor, boolean isNew) {}
