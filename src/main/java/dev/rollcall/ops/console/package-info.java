/**
 * The console for operators: the files of its page, the policy under which a browser loads them,
 * and where the page finds users. The page itself is in {@code src/main/resources/console} and uses
 * what both ports answer to everybody.
 */
@NullMarked
package dev.rollcall.ops.console;

import org.jspecify.annotations.NullMarked;
