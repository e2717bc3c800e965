/**
 * What an operator sees of a running process: its log, and what the management port answers
 * (health, readiness, metrics, recent fetches).
 */
@NullMarked
package dev.rollcall.ops;

import org.jspecify.annotations.NullMarked;
