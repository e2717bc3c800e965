/**
 * Sessions of the users that are kept here, who log in with their own passwords.
 *
 * <p>{@link dev.rollcall.access.sessions.UserSessions} is what transports use. Nodes with a store
 * begin, refresh and end sessions by {@link dev.rollcall.access.sessions.StoredSessions}, which
 * signs tokens ({@code SigningKeys}, {@code SessionSigner}) and makes refresh tokens ({@code
 * RefreshTokens}); what it keeps is behind {@link dev.rollcall.access.sessions.SessionStore}. Other
 * nodes ask one of those. Each node verifies tokens itself ({@link
 * dev.rollcall.access.sessions.SessionTokens}), and follows which keys there are and which sessions
 * were ended.
 */
@NullMarked
package dev.rollcall.access.sessions;

import org.jspecify.annotations.NullMarked;
