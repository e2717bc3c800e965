/** How a process keeps up with what a store keeps of those who may ask. */
@NullMarked
package dev.rollcall.access.following;

import org.jspecify.annotations.NullMarked;
