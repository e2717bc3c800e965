/**
 * Who asks, and what browsers may ask.
 *
 * <p>{@link dev.rollcall.access.ServerCertificate} is what a port is known by, and what it asks of
 * its clients.
 *
 * <p>{@link dev.rollcall.access.Authentication} finds out who asks, a {@code Principal}. Keys are
 * made and deleted by {@link dev.rollcall.access.Keys} in a {@code KeyStore}, and looked up in the
 * {@code KeyRing}, which a {@code KeyFollower} keeps up to date.
 *
 * <p>{@link dev.rollcall.access.AuditLog} says who did what, and who was refused.
 *
 * <p>{@link dev.rollcall.access.BrowserRules} comes first on the ports of users and of operators.
 * Any page that a user opens can reach a service on loopback or in a private network, so the
 * service answers to its own names alone ({@code Hosts}, {@code RequestHost}) and looks at the
 * origin of a page ({@code Origins}, {@code PageOrigin}); {@code CrossOriginHeaders} lets listed
 * pages read the answers.
 */
@NullMarked
package dev.rollcall.access;

import org.jspecify.annotations.NullMarked;
