/**
 * The settings and where they come from: a file, the environment and flags, of which the later
 * wins.
 *
 * <p>{@link dev.rollcall.config.Settings} is what the rest of the program reads. Each of its
 * records states its rules once ({@link dev.rollcall.config.reading.Rule}), for values from a file
 * and for values from code alike, and reads itself from a {@link
 * dev.rollcall.config.reading.Section}. Every fault is collected, so that one start tells them all.
 * Rules across keys ({@link dev.rollcall.config.sources.SourceRules}, {@link
 * dev.rollcall.config.sources.ViewRules}) are looked at as well where single keys are wrong; what
 * only follows from those is left out.
 */
@NullMarked
package dev.rollcall.config;

import org.jspecify.annotations.NullMarked;
