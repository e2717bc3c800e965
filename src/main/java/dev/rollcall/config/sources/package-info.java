/**
 * The settings of sources and views, the templates of the URLs of sources, and the rules that hold
 * across them.
 */
@NullMarked
package dev.rollcall.config.sources;

import org.jspecify.annotations.NullMarked;
