/**
 * The settings, from a file, the environment and flags, of which the later wins.
 *
 * <p>{@link dev.rollcall.config.Settings} is what the rest of the program reads. Its records
 * declare each key once ({@link dev.rollcall.config.reading.Key}), for values from a file and from
 * code, and read themselves from a {@link dev.rollcall.config.reading.Section}. One start reports
 * every fault; those of rules across keys are left out where a key is wrong by itself. Sources and
 * views stand in {@link dev.rollcall.config.sources}.
 *
 * <p>{@code conf/rollcall.yaml} describes what each key means; components have the names of their
 * keys, and numbers of bytes the type {@code long} or {@code int}.
 */
@NullMarked
package dev.rollcall.config;

import org.jspecify.annotations.NullMarked;
