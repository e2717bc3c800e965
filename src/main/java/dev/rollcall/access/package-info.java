/**
 * Who asks, and what a caller may.
 *
 * <p>{@link dev.rollcall.access.ServerCertificate} is what a port is known by, and what it asks of
 * its clients.
 *
 * <p>{@link dev.rollcall.access.Authentication} finds out who asks, a {@code Principal}; {@code
 * RecentCredentials} knows how the fields read that it has seen of late. Keys are made and deleted
 * by {@link dev.rollcall.access.Keys} in a {@code KeyStore}, and looked up in the {@code KeyRing},
 * which a {@code KeyFollower} keeps up to date: it and whatever else follows the store do so by a
 * {@link dev.rollcall.access.StoreFollower}.
 *
 * <p>{@link dev.rollcall.access.AuditLog} says who did what, and who was refused.
 */
@NullMarked
package dev.rollcall.access;

import org.jspecify.annotations.NullMarked;
