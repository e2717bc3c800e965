/**
 * Sources that are asked over HTTP.
 *
 * <pre>
 * HttpSource (one per source and event loop) → HttpExchange (one attempt) → AnswerHead, AnswerBody
 * </pre>
 *
 * <p>{@code HttpConnections} sets connections up below the HTTP client: interim answers, and
 * answers to no request, never reach it; deliveries to webhooks use it too. {@code HostAddresses}
 * has the addresses at which the host of a URL is asked.
 */
@NullMarked
package dev.rollcall.sources.http;

import org.jspecify.annotations.NullMarked;
