/**
 * Who asks, and what they may do.
 *
 * <p>{@link dev.rollcall.access.BrowserRules} stands before everything on the ports of users and of
 * operators. A service on loopback or in a private network is reached by the pages that its users
 * look at, so it answers to its own names alone ({@code Hosts}, {@code RequestHost}) and asks from
 * where a page is ({@code Origins}, {@code PageOrigin}); {@code CrossOriginHeaders} lets the pages
 * that are listed read the answers.
 */
@NullMarked
package dev.rollcall.access;

import org.jspecify.annotations.NullMarked;
