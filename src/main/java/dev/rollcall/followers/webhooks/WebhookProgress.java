package dev.rollcall.followers.webhooks;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far deliveries of a claimed webhook have come since that was recorded last.
 *
 * @param epoch of the claim; nothing is recorded under an earlier one
 * @param pausedWhy why it is paused from now on; null to leave that as it is
 * @param parked users who wait, or wait anew
 * @param unparked users who wait no more
 * @param attempts lines of JSON, the oldest first
 */
public record WebhookProgress(
    long id,
    long epoch,
    long position,
    long lost,
    @Nullable Instant failingSince,
    @Nullable String lastError,
    @Nullable String pausedWhy,
    List<ParkedUser> parked,
    List<Long> unparked,
    List<String> attempts) {}
