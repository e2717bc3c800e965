package dev.rollcall.credentials;

import dev.rollcall.base.ClientAddress;

/**
 * Whose work it is, for {@link FairQueue}.
 *
 * @param client the address that asks
 * @param id the user whose password it is about, whether there is one or not
 */
record Share(ClientAddress client, long id, Purpose purpose) {

  /** Setting a password is no guess, so it does not wait behind guesses. */
  enum Purpose {
    SET,
    VERIFY
  }
}
