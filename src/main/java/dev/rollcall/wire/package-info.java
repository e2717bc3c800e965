/** What crosses a boundary as bytes: strict reading of JSON. */
@NullMarked
package dev.rollcall.wire;

import org.jspecify.annotations.NullMarked;
