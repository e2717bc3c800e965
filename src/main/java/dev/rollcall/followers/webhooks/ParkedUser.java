package dev.rollcall.followers.webhooks;

import java.time.Instant;

/**
 * A user of whom a webhook did not take a change.
 *
 * @param seq his first change that was not taken; behind one that was, the seq after it
 * @param attempts how often the change at {@code seq} was sent; 0 where that is the seq after one
 * @param due when it is sent again
 */
public record ParkedUser(long user, long seq, int attempts, Instant due) {}
