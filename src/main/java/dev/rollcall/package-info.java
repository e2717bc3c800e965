/**
 * The program itself: {@link dev.rollcall.Main} turns arguments into settings and a running
 * process, {@link dev.rollcall.Rollcall} wires the parts and closes them in reverse. Nobody imports
 * this package.
 */
@NullMarked
package dev.rollcall;

import org.jspecify.annotations.NullMarked;
