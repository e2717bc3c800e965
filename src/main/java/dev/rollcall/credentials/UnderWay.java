package dev.rollcall.credentials;

import java.util.HashMap;
import java.util.Map;

/**
 * Bounds the verifications that are under way for a share and for a user: from the beginning of one
 * until its answer would have come, whether its client still waits or has gone.
 *
 * <p>A share has a few at once, but one at a time after wrong passwords: else hanging up would skip
 * the time that answers are held back for. Other addresses do not wait for that, up to a bound for
 * the user. Not safe for use by several threads.
 */
final class UnderWay {

  private static final int OF_SHARE = 4;
  private static final int OF_SHARE_WHEN_SLOWED = 1;
  private static final int OF_USER = 8;

  private final WrongGuesses guesses;
  private final Map<Share, Integer> shares = new HashMap<>();
  private final Map<Long, Integer> users = new HashMap<>();

  UnderWay(WrongGuesses guesses) {
    this.guesses = guesses;
  }

  boolean mayBegin(Share share) {
    if (share.purpose() == Share.Purpose.SET) {
      return true;
    }
    int bound = guesses.slowed(share.id()) ? OF_SHARE_WHEN_SLOWED : OF_SHARE;
    return shares.getOrDefault(share, 0) < bound && users.getOrDefault(share.id(), 0) < OF_USER;
  }

  void begin(Share share) {
    if (share.purpose() == Share.Purpose.VERIFY) {
      shares.merge(share, 1, Integer::sum);
      users.merge(share.id(), 1, Integer::sum);
    }
  }

  void end(Share share) {
    if (share.purpose() == Share.Purpose.VERIFY) {
      shares.computeIfPresent(share, (its, count) -> count == 1 ? null : count - 1);
      users.computeIfPresent(share.id(), (its, count) -> count == 1 ? null : count - 1);
    }
  }
}
