/**
 * Kept cursors: followers of the feed whose position Rollcall keeps, for programs that have no
 * place of their own for it.
 *
 * <p>{@link dev.rollcall.followers.cursors.KeptCursors} is what can be done with them, over a
 * {@link dev.rollcall.followers.cursors.CursorStore}, which the stores implement; {@code
 * FollowerLag} shows operators how far they are behind.
 */
@NullMarked
package dev.rollcall.followers.cursors;

import org.jspecify.annotations.NullMarked;
