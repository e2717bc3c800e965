package dev.rollcall.credentials;

import dev.rollcall.base.ClientAddress;

/**
 * Whose work it is: what waits for a thread is served in turns, by address and then by user.
 *
 * @param client who asks
 * @param id the user whose password it is about, whether there is one or not
 * @param purpose what is done
 */
record Share(ClientAddress client, long id, Purpose purpose) {

  /** Setting a password tells nothing of the one before, so it does not wait behind guesses. */
  enum Purpose {
    SET,
    VERIFY
  }
}
