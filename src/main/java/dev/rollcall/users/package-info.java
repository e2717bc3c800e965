/**
 * The users: what one is, what may be written, and the feed of what changed.
 *
 * <p>{@link dev.rollcall.users.UserSchema} says what a user consists of: its columns, which both
 * stores and the copy between them use, and its JSON. A new field begins there.
 *
 * <p>{@link dev.rollcall.users.Users} is what the transports translate. {@link
 * dev.rollcall.users.UserService} implements it over {@link dev.rollcall.users.UserStore}, the port
 * behind which the stores stand. Data flows one way: JSON → {@link dev.rollcall.users.UserDraft} or
 * {@link dev.rollcall.users.UserDraft.Patch} → {@link dev.rollcall.users.UserWrite} → {@link
 * dev.rollcall.users.Decision}, made inside the store's transaction → {@link
 * dev.rollcall.users.WriteOutcome}.
 */
@NullMarked
package dev.rollcall.users;

import org.jspecify.annotations.NullMarked;
