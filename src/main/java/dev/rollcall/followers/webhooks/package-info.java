/** Webhooks: changes of users, sent to where their owners declare. */
@NullMarked
package dev.rollcall.followers.webhooks;

import org.jspecify.annotations.NullMarked;
