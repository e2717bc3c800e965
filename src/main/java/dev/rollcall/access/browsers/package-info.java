/**
 * What browsers may ask.
 *
 * <p>{@link dev.rollcall.access.browsers.BrowserRules} comes first on the ports of users and of
 * operators. Any page that a user opens can reach a service on loopback or in a private network, so
 * the service answers to its own names alone ({@code Hosts}, {@code RequestHost}) and looks at the
 * origin of a page ({@code Origins}, {@code PageOrigin}); {@code CrossOriginHeaders} lets listed
 * pages read the answers.
 */
@NullMarked
package dev.rollcall.access.browsers;

import org.jspecify.annotations.NullMarked;
