package dev.rollcall.http;

import io.vertx.core.http.HttpMethod;

/**
 * A row of the table of routes.
 *
 * @param method one of the methods; GET stands for HEAD too
 * @param template a path with parameters in braces, as OpenAPI writes it
 * @param endpoint what answers
 */
record Route(HttpMethod method, String template, Endpoint endpoint) {}
