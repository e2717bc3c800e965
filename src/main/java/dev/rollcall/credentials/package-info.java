/**
 * Passwords: hashing them, which is expensive on purpose, on threads of its own.
 *
 * <pre>
 *   Passwords ──▶ HashingPool (threads) ──▶ PasswordHasher ──▶ Argon2id | Bcrypt
 *       │              └─ HashingQueue: permits, FairQueue (turns), UnderWay (bounds)
 *       └─ WrongGuesses: slows answers down, never work
 * </pre>
 */
@NullMarked
package dev.rollcall.credentials;

import org.jspecify.annotations.NullMarked;
