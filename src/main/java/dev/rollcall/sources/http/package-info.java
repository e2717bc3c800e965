/**
 * Sources that are asked over HTTP.
 *
 * <pre>
 * HttpSource (one per source and event loop) → HttpExchange (one attempt) → AnswerHead, AnswerBody
 * </pre>
 *
 * <p>{@code HttpConnections} sets the connections up: interim answers and answers that nobody asked
 * for are sorted out below the HTTP client.
 */
@NullMarked
package dev.rollcall.sources.http;

import org.jspecify.annotations.NullMarked;
