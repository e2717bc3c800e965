/**
 * How settings are read, whatever they are: a file, the environment and flags become one tree
 * ({@link dev.rollcall.config.reading.Layers}), a {@link dev.rollcall.config.reading.Section} of it
 * gives the value of each {@link dev.rollcall.config.reading.Key}, and every fault is collected.
 */
@NullMarked
package dev.rollcall.config.reading;

import org.jspecify.annotations.NullMarked;
