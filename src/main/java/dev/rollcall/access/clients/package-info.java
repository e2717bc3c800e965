/** Where requests come from, and how many of them are taken. */
@NullMarked
package dev.rollcall.access.clients;

import org.jspecify.annotations.NullMarked;
