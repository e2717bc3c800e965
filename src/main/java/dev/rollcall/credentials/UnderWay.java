package dev.rollcall.credentials;

import java.util.HashMap;
import java.util.Map;

/**
 * How many verifications are under way for whom: from when one begins until its answer would have
 * come, whether its client still waits or has gone. What is past the bound waits for its turn.
 *
 * <p>A few at once, since programs ask so; but one at a time for an address and a user of whom
 * wrong passwords were given, or hanging up would hurry the answers that are held back. Another
 * address is not kept waiting by that, up to a bound for the user. Holds only what is under way.
 * Not safe for use by several threads.
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
