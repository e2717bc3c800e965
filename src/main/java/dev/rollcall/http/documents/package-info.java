/**
 * What describes the service to whoever looks in: its contracts as they are, and the page that
 * renders one of them. Nothing here is about users, so that anybody may ask for it.
 */
@NullMarked
package dev.rollcall.http.documents;

import org.jspecify.annotations.NullMarked;
