package dev.rollcall.followers.webhooks;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of how far deliveries of one webhook have come, and what of that is not recorded
 * yet. Belongs to one event loop.
 */
final class RunProgress {
  /** Of more attempts than these between two recordings the newest are kept. */
  private static final int ATTEMPTS = 20;

  private final Set<Long> parked;
  private final Map<Long, @Nullable ParkedUser> unsaved = new LinkedHashMap<>();
  private final Deque<DeliveryAttempt> attempts = new ArrayDeque<>();
  private long lost;
  private @Nullable Instant failingSince;
  private @Nullable String lastError;
  private @Nullable String pausedWhy;
  private boolean changed;

  /** What was taken to be recorded, and is not known to be. */
  private @Nullable WebhookProgress recording;

  RunProgress(Webhook webhook, List<Long> parked) {
    this.parked = new HashSet<>(parked);
    this.lost = webhook.lost();
    this.failingSince = webhook.failingSince();
    this.lastError = webhook.lastError();
  }

  boolean isParked(long user) {
    return parked.contains(user);
  }

  int parked() {
    return parked.size();
  }

  /** Of how many users the store does not know yet how they wait, about. */
  int unrecorded() {
    WebhookProgress taken = recording;
    return unsaved.size() + (taken == null ? 0 : taken.parked().size() + taken.unparked().size());
  }

  /** How these wait; null for those who wait no more. */
  Map<Long, @Nullable ParkedUser> unrecordedUsers() {
    Map<Long, @Nullable ParkedUser> users = new HashMap<>();
    WebhookProgress taken = recording;
    if (taken != null) {
      taken.parked().forEach(user -> users.put(user.user(), user));
      taken.unparked().forEach(user -> users.put(user, null));
    }
    users.putAll(unsaved);
    return users;
  }

  /** What was taken is recorded. */
  void recorded() {
    recording = null;
  }

  void park(ParkedUser user) {
    parked.add(user.user());
    unsaved.put(user.user(), user);
  }

  void unpark(long user) {
    parked.remove(user);
    unsaved.put(user, null);
  }

  /** Notes an attempt that was taken. */
  void taken(DeliveryAttempt attempt) {
    note(attempt);
    failingSince = null;
  }

  /** Notes one that was not. */
  void failed(DeliveryAttempt attempt, String error, Instant now) {
    note(attempt);
    lastError = error;
    if (failingSince == null) {
      failingSince = now;
    }
  }

  private void note(DeliveryAttempt attempt) {
    changed = true;
    attempts.add(attempt);
    if (attempts.size() > ATTEMPTS) {
      attempts.remove();
    }
  }

  /** Whether nothing was taken for so long that it has to be paused. */
  boolean isTooLate(Instant now) {
    return failingSince != null && !now.isBefore(failingSince.plus(RetrySchedule.PATIENCE));
  }

  /**
   * Changes were left out. A position that moved without any is not recorded for itself: to record
   * takes a seq in some stores, and would be a reason to do so again.
   */
  void passed() {
    changed = true;
  }

  void lose(long changes) {
    lost += changes;
    changed = true;
  }

  void pause(String why) {
    pausedWhy = why;
    changed = true;
  }

  /** It goes on by its owner's word. */
  void resumed() {
    failingSince = null;
    pausedWhy = null;
    changed = true;
  }

  /** What is to be recorded; null for nothing. */
  @Nullable WebhookProgress take(Webhook webhook, long position) {
    if (!changed && unsaved.isEmpty()) {
      return null;
    }
    List<ParkedUser> in = new ArrayList<>();
    List<Long> out = new ArrayList<>();
    unsaved.forEach(
        (id, user) -> {
          if (user == null) {
            out.add(id);
          } else {
            in.add(user);
          }
        });
    WebhookProgress taken =
        new WebhookProgress(
            webhook.id(),
            webhook.epoch(),
            position,
            lost,
            failingSince,
            lastError,
            pausedWhy,
            in,
            out,
            attempts.stream().map(DeliveryAttempt::line).toList());
    unsaved.clear();
    attempts.clear();
    pausedWhy = null;
    changed = false;
    recording = taken;
    return taken;
  }

  /** It could not be recorded; what came since counts. */
  void giveBack(WebhookProgress taken) {
    recording = null;
    taken.parked().forEach(user -> unsaved.putIfAbsent(user.user(), user));
    for (Long user : taken.unparked()) {
      if (!unsaved.containsKey(user)) {
        unsaved.put(user, null);
      }
    }
    if (pausedWhy == null) {
      pausedWhy = taken.pausedWhy();
    }
    changed = true;
  }
}
