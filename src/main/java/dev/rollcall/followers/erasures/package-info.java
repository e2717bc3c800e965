/** Erasures: users who are forgotten, everywhere, and who says so. */
@NullMarked
package dev.rollcall.followers.erasures;

import org.jspecify.annotations.NullMarked;
