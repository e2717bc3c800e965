/**
 * What a database keeps beside users and jobs: {@link dev.rollcall.store.tables.Tables} makes all
 * of it over one port. Keys of callers, sessions of users, positions of followers, keys of receipts
 * and the results of jobs, as whoever erases a user changes them, are here; webhooks and erasures
 * have packages of their own.
 */
@NullMarked
package dev.rollcall.store.tables;

import org.jspecify.annotations.NullMarked;
